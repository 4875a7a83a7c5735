// Tells of messages while one looks elsewhere: by the number in the title of each tab, and, where the person chose it
// ([data-notifications]), by a sound and on the desktop. Of all tabs of a browser one listens, who holds a lock, also
// while it is hidden; so each message sounds once. It tells the others how many people wait. While an inbox is looked
// at its own stream says all that, and no second one is held.
import { chime } from "./chime.js"

const place = document.querySelector("[data-notifications]")
const rows = document.querySelector("[data-live-rows]")
const tabs = place && new BroadcastChannel("inbox")
const FRESH = 60000 // milliseconds for which it counts what another tab heard last
const SILENCE = 12000 // milliseconds without a sign of life, of which there is one every five seconds
const HEARD = "notifications"
let stream = null
let watching = 0
let heard = {}

if (place) {
  rows?.addEventListener("live-rows", ({ detail }) => show(detail))
  tabs.addEventListener("message", ({ data }) => show(data))
  navigator.locks?.request("notifications", () => new Promise(listen))
}

function listen() {
  heard = recall()
  rows?.addEventListener("live-rows", ({ detail }) => hear(detail))
  document.addEventListener("visibilitychange", choose)
  choose()
}

// Where the last tab left off, if that was just now; else from here on.
function recall() {
  const { at, ...last } = JSON.parse(localStorage.getItem(HEARD) ?? "{}")
  return Date.now() - at < FRESH ? last : { newest: Number(place.dataset.newest ?? 0) }
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
  })
}

// A line that hangs says nothing, not even that it has ended.
function watch() {
  clearTimeout(watching)
  watching = setTimeout(choose, SILENCE)
}

function hear({ customer, rows: changed, waiting, number }) {
  const before = heard.newest ?? 0
  const fresh = Object.values(changed).map(facts).filter(({ newest }) => newest > before)
  heard = { number: Number(number) || heard.number, newest: Math.max(before, ...fresh.map(({ newest }) => newest)) }
  localStorage.setItem(HEARD, JSON.stringify({ ...heard, at: Date.now() }))
  tabs.postMessage({ customer, waiting })
  show({ customer, waiting })
  if (fresh.some(isForMe)) tell(customer)
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

function tell(customer) {
  if ("sound" in place.dataset) chime()
  if (!("desktop" in place.dataset) || document.hasFocus() || Notification.permission !== "granted") return
  const name = place.querySelector(`data[value="${customer}"]`)?.textContent ?? ""
  const notice = new Notification("New message", { body: name, tag: `inbox-${customer}` })
  notice.addEventListener("click", () => window.open(place.dataset.inbox))
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
