// Tells of messages while one looks elsewhere: by the number in the title of each tab, and, where the person chose it
// ([data-notifications]), by a sound and on the desktop. Of all tabs of a browser one listens, who holds a lock, also
// while it is hidden; so each message, and each note that mentions the person, sounds once. It tells the others how
// many people wait. While an inbox is looked at its own stream says all that, and no second one is held. What no stream
// tells one by one, after a night or in a rush, is looked up (data-news).
import { chime } from "./chime.js"

const place = document.querySelector("[data-notifications]")
const rows = document.querySelector("[data-live-rows]")
const tabs = place && new BroadcastChannel("inbox")
const FRESH = 60000 // milliseconds for which it counts what another tab heard last
const SILENCE = 12000 // milliseconds without a sign of life, of which there is one every five seconds
const SOON = 1000 // milliseconds from a sign that much has changed to a look at what
const HEARD = "notifications"
let stream = null
let watching = 0
let heard = {}
let looking = 0

if (place) {
  rows?.addEventListener("live-rows", ({ detail }) => show(detail))
  tabs.addEventListener("message", ({ data }) => show(data))
  navigator.locks?.request("notifications", () => new Promise(listen))
}

function listen() {
  heard = recall()
  rows?.addEventListener("live-rows", ({ detail }) => hear(detail))
  rows?.addEventListener("live", lookUp)
  document.addEventListener("visibilitychange", choose)
  choose()
}

// Where the last tab left off, if that was just now; else from here on.
function recall() {
  const { at, ...last } = JSON.parse(localStorage.getItem(HEARD) ?? "{}")
  const now = { newest: Number(place.dataset.newest), mention: Number(place.dataset.mention) }
  return Date.now() - at < FRESH ? { ...now, ...last } : now
}

function choose() {
  stream?.close()
  stream = clearTimeout(watching)
  if (rows && !document.hidden) return
  const from = new URL(place.dataset.notifications, location)
  if (heard.number) from.searchParams.set("since", heard.number)
  stream = new EventSource(from)
  watch()
  for (const sign of ["open", "beat", "full"]) stream.addEventListener(sign, watch)
  stream.addEventListener("inbox", ({ data, lastEventId }) => {
    watch()
    if (data.startsWith("{")) hear({ ...JSON.parse(data), number: lastEventId })
    else lookUp()
  })
}

// A line that hangs says nothing, not even that it has ended.
function watch() {
  clearTimeout(watching)
  watching = setTimeout(choose, SILENCE)
}

function hear({ customer, rows: changed, mentions, waiting, number }) {
  const fresh = Object.values(changed).map(facts).filter(({ newest }) => newest > heard.newest)
  const named = Object.values(mentions).map((those) => those[place.dataset.person] ?? 0)
  const isNamed = named.some((mention) => mention > heard.mention)
  keep({
    number: Number(number) || heard.number,
    newest: Math.max(heard.newest, ...fresh.map(({ newest }) => newest)),
    mention: Math.max(heard.mention, ...named),
  })
  showAll({ customer, waiting })
  if (isNamed) tell(customer, "You were mentioned")
  else if (fresh.some(isForMe)) tell(customer, "New message")
}

function lookUp() {
  looking ||= setTimeout(look, SOON)
}

// Where there is no answer, the next sign of a change looks again.
async function look() {
  looking = 0
  const asked = new URLSearchParams({ message: heard.newest, mention: heard.mention })
  const answer = await fetch(`${place.dataset.news}?${asked}`).catch(() => null)
  if (!answer?.ok || answer.redirected) return
  const { newest, mention, customers } = await answer.json()
  keep({ ...heard, newest, mention })
  for (const { customer, waiting, words } of customers) {
    showAll({ customer, waiting })
    if (words) tell(customer, words)
  }
}

function keep(last) {
  heard = last
  localStorage.setItem(HEARD, JSON.stringify({ ...heard, at: Date.now() }))
}

function facts(html) {
  const template = document.createElement("template")
  template.innerHTML = html
  const { newest, marks } = template.content.firstElementChild.dataset
  return { newest: Number(newest), marks: marks.split(" ") }
}

function isForMe({ marks }) {
  return marks.includes("waiting") && (marks.includes("to-nobody") || marks.includes(`to-${place.dataset.person}`))
}

function tell(customer, words) {
  if ("sound" in place.dataset) chime()
  if (!("desktop" in place.dataset) || document.hasFocus() || Notification.permission !== "granted") return
  const name = place.querySelector(`data[value="${customer}"]`)?.textContent ?? ""
  const notice = new Notification(words, { body: name, tag: `inbox-${customer}` })
  notice.addEventListener("click", () => window.open(place.dataset.inbox))
}

// Here and in the other tabs.
function showAll(said) {
  tabs.postMessage(said)
  show(said)
}

// A person's stream tells of each customer that they reach; a page shows one.
function show({ customer, waiting }) {
  if (String(customer) !== place.dataset.customer) return
  const badge = document.getElementById("unanswered")
  if (badge) {
    badge.firstChild.data = waiting.toLocaleString("en")
    badge.hidden = !waiting
  }
  document.title = document.title.replace(/^(\(\d+\) )?/, waiting ? `(${waiting}) ` : "")
}
