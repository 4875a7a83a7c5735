// [data-thread-rows], a list of threads, is kept as the stream of live.js says ("live-rows"): a row is put where it
// belongs, or taken out, and nothing is asked for. A row belongs where it has each of the marks in data-wanted; who has
// read how far is said for everybody, and data-person is who looks. What is open, is ticked or has focus stays so.
// A list that has become much longer than a page, or much shorter while there is a next one, looks again.
// data-newest is the newest message of all.
import { sayTimes } from "./ticking.js"

const inbox = document.querySelector("[data-live-rows]")
const QUIET = 4000 // milliseconds between two things that a screen reader is told
const FEW = 25 // rows, of the 50 of a page
const MANY = 100
let told = 0
let toldOfMessage = 0
let newest = Number(document.getElementById("threads")?.dataset.newest)
let meanwhile = null // what the stream said while the list is asked for, which may be older

inbox?.addEventListener("live-rows", ({ detail }) => {
  const list = document.getElementById("threads")
  if (isOf(list, detail)) {
    if (detail.isNews) for (const fresh of document.querySelectorAll("[data-fresh]")) fresh.hidden = false
    if ("threadRows" in list.dataset) bring(list, detail)
    meanwhile?.push(detail)
    sweep()
  }
})

inbox?.addEventListener("live-people", ({ detail }) => {
  const list = document.getElementById("threads")
  if (!isOf(list, detail) || !("threadRows" in list.dataset)) return
  for (const key of Object.keys(detail.writing)) {
    const row = rowOf(list, key)
    if (row) showOwn(list, row, detail)
  }
  sweep()
})

document.addEventListener("htmx:beforeRequest", ({ target }) => {
  if (target.matches("[data-thread-rows]")) meanwhile = []
})

document.addEventListener("htmx:afterRequest", ({ target }) => {
  if (!target.matches("[data-thread-rows]")) return
  for (const each of meanwhile ?? []) bring(target, each)
  meanwhile = null
})

// What belongs here no more stays while it is open, and leaves with the next, or with whatever is heard after it.
document.addEventListener("htmx:afterSettle", sweep)

function sweep() {
  const list = document.querySelector("[data-thread-rows]")
  if (!list) return
  for (const row of list.querySelectorAll("[data-thread]")) if (!isOpen(row) && !belongs(list, row)) leave(list, row)
}

// A person's stream tells of each customer that they reach; a page shows one.
function isOf({ dataset }, { customer }) {
  return dataset.customer === String(customer)
}

function bring(list, { rows, gone, ...facts }) {
  const before = newest
  for (const key of gone) rowOf(list, key)?.remove()
  for (const [key, html] of Object.entries(rows)) {
    const row = rowFrom(html)
    const old = rowOf(list, key)
    if (old && signature(old) === signature(row)) {
      showOwn(list, old, facts)
      continue
    }
    showOwn(list, row, facts)
    sayTimes(row, list.dataset.zone)
    const isMessage = belongs(list, row) && isUnread(row) && Number(row.dataset.newest) > before
    put(list, row, old)
    if (isMessage || (!old && row.isConnected)) tell(row, isMessage)
    newest = Math.max(newest, Number(row.dataset.newest))
  }
  const shown = list.querySelectorAll("[data-thread]").length
  if (shown) list.querySelector(".empty")?.remove()
  if (!meanwhile && (shown > MANY || (shown < FEW && hasNext(list)))) htmx.trigger(list, "look-again")
}

function put(list, row, old) {
  if (!belongs(list, row) && !(old && isOpen(row))) return old && leave(list, old)
  if (!old && "laterPage" in list.dataset) return
  const next = follower(list, row)
  if (!next && hasNext(list) && !isOpen(row)) return old && leave(list, old)
  const link = row.querySelector("a")
  link.setAttribute("href", link.getAttribute("href") + list.dataset.query) // not by its search: in no page yet
  link.setAttribute("hx-get", link.getAttribute("href"))
  if (isOpen(row)) link.setAttribute("aria-current", "true")
  const hadFocus = old?.contains(document.activeElement)
  keepTick(row, old)
  old?.remove()
  list.insertBefore(row, next ?? list.querySelector("nav"))
  htmx.process(row)
  if (hadFocus) link.focus({ preventScroll: true })
}

// What a row says, but for what time does to it: one that says the same stays, also under a pointer that is down.
function signature(row) {
  const { at, since, newest, marks } = row.dataset
  const copy = row.cloneNode(true)
  for (const time of copy.querySelectorAll("time")) time.remove()
  return JSON.stringify([at, since, newest, marks, copy.textContent.replace(/\s+/g, " ")])
}

// With the message that was the newest when it was ticked: what came since is not meant.
function keepTick(row, old) {
  const ticked = old?.querySelector("[data-select-row]:checked")
  if (ticked) Object.assign(row.querySelector("[data-select-row]"), { checked: true, value: ticked.value })
}

// Focus goes on to the row that stands there now.
function leave(list, old) {
  const next = old.nextElementSibling ?? old.previousElementSibling
  const hadFocus = old.contains(document.activeElement)
  old.remove()
  if (hadFocus) (next?.querySelector("a") ?? list).focus({ preventScroll: true })
}

function belongs(list, row) {
  const marks = row.dataset.marks.split(" ")
  if (isUnread(row)) marks.push("unread")
  if (!row.querySelector(".thread__named").hidden) marks.push("mentions")
  return list.dataset.wanted.split(" ").every((wanted) => marks.includes(wanted))
}

// The row before which it stands: the latest first, or who has waited longest. None: after all that are shown, which
// is on the next page where there is one.
function follower(list, row) {
  const others = [...list.querySelectorAll("[data-thread]")].filter((other) => other.id !== row.id)
  if (list.dataset.order === "unanswered_since") {
    const since = time(row.dataset.since)
    return others.find((other) => time(other.dataset.since) > since)
  }
  const at = time(row.dataset.at)
  return others.find((other) => time(other.dataset.at) < at)
}

function hasNext(list) {
  return list.querySelector("nav [rel=next]") !== null
}

function time(text) {
  return new Date(text).getTime() || 0
}

function isOpen(row) {
  return document.getElementById("open")?.dataset.thread === row.dataset.thread
}

function isUnread({ dataset }) {
  return dataset.marks.split(" ").includes("waiting") && Number(dataset.newest) > Number(dataset.read)
}

// What differs from person to person.
function showOwn({ dataset: { person } }, row, { reads, mentions }) {
  const key = row.dataset.thread
  row.dataset.read = reads[key]?.[person] ?? 0
  row.classList.toggle("thread--unread", isUnread(row))
  row.querySelector(".thread__dot").hidden = !isUnread(row)
  row.querySelector(".thread__named").hidden = !mentions[key]?.[person]
}

// A message that is newer than any before it, or a thread that has come here for another reason: that is told of, too,
// but keeps no message from being told.
function tell(row, isMessage) {
  if (Date.now() - (isMessage ? toldOfMessage : told) < QUIET) return
  told = Date.now()
  if (isMessage) toldOfMessage = told
  const name = row.querySelector(".thread__name").textContent.trim()
  const words = isMessage ? `New message from ${name}` : `${name} is in this list now`
  document.getElementById("heard").textContent = words
}

function rowOf(list, key) {
  return list.querySelector(`[data-thread="${CSS.escape(key)}"]`)
}

function rowFrom(html) {
  const template = document.createElement("template")
  template.innerHTML = html
  return template.content.firstElementChild
}
