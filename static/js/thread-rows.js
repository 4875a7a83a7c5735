// [data-thread-rows], a list of threads, is kept as the stream of live.js says ("live-rows"): a row is put where it
// belongs, or taken out, and nothing is asked for. A row belongs where it has each of the marks in data-wanted; who has
// read how far is said for everybody, and data-person is who looks. What is open, is ticked or has focus stays so. In
// whose notes somebody is mentioned no mark says: that list is none of these, and looks again.
const inbox = document.querySelector("[data-live-rows]")
const QUIET = 4000 // milliseconds between two things that a screen reader is told
let told = 0
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

function bring(list, { rows, gone, reads }) {
  for (const key of gone) rowOf(list, key)?.remove()
  for (const [key, html] of Object.entries(rows)) {
    const row = rowFrom(html)
    row.dataset.read = reads[key]?.[list.dataset.person] ?? 0
    showRead(row)
    sayTimes(row, list.dataset.zone)
    put(list, row, rowOf(list, key))
  }
  if (list.querySelector("[data-thread]")) list.querySelector(".empty")?.remove()
}

function put(list, row, old) {
  if (!belongs(list, row) && !(old && isOpen(row))) return old && leave(list, old)
  if (!old && "laterPage" in list.dataset) return
  const isNew = !old && Number(row.dataset.newest) > Number(row.dataset.read)
  const link = row.querySelector("a")
  link.setAttribute("href", link.getAttribute("href") + list.dataset.query) // not by its search: in no page yet
  link.setAttribute("hx-get", link.getAttribute("href"))
  if (isOpen(row)) link.setAttribute("aria-current", "true")
  const hadFocus = old?.contains(document.activeElement)
  keepTick(row, old)
  old?.remove()
  list.insertBefore(row, follower(list, row))
  htmx.process(row)
  if (hadFocus) link.focus({ preventScroll: true })
  if (isNew) tell(row)
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
  const marks = [...row.dataset.marks.split(" "), ...(isUnread(row) ? ["unread"] : [])]
  return list.dataset.wanted.split(" ").every((wanted) => marks.includes(wanted))
}

// The row before which it stands: the latest first, or who has waited longest.
function follower(list, row) {
  const others = [...list.querySelectorAll("[data-thread]")]
  if (list.dataset.order === "unanswered_since") {
    return others.find((other) => time(other.dataset.since) > time(row.dataset.since)) ?? afterAll(list)
  }
  return others.find((other) => time(other.dataset.at) < time(row.dataset.at)) ?? afterAll(list)
}

function afterAll(list) {
  return list.querySelector("nav")
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

function showRead(row) {
  if (isUnread(row)) return
  row.classList.remove("thread--unread")
  row.querySelector(".thread__dot")?.remove()
}

// A row is drawn for everybody: what it says by the clock is said again in the zone of who looks.
function sayTimes(row, timeZone) {
  const place = timeZone.split("/").pop().replaceAll("_", " ")
  const parts = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone }
  const say = (at, more) => new Intl.DateTimeFormat("en-GB", { ...parts, ...more }).format(at).replaceAll(",", "")
  for (const each of row.querySelectorAll("time")) {
    const at = new Date(each.dateTime)
    each.title = `${say(at, { year: "numeric" })} ${place}`
    if (/\d:\d/.test(each.textContent)) each.textContent = say(at)
  }
}

function tell(row) {
  if (Date.now() - told < QUIET) return
  told = Date.now()
  const name = row.querySelector(".thread__name").textContent.trim()
  document.getElementById("heard").textContent = `New message from ${name}`
}

function rowOf(list, key) {
  return list.querySelector(`[data-thread="${CSS.escape(key)}"]`)
}

function rowFrom(html) {
  const template = document.createElement("template")
  template.innerHTML = html
  return template.content.firstElementChild
}
