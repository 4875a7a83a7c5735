// What the stream of live.js says was said last in the open thread ("live-rows") is shown at once, below what stands
// before it; what else there is to know comes as the conversation looks again. It waits for that where it begins a day,
// or where the page does not have what stands before it. What was asked for before shows it, too, when it comes.
import { clock, exact, isSameDay } from "./near.js"

const inbox = document.querySelector("[data-live-rows]")
let heard = null // and in which thread

inbox?.addEventListener("live-rows", ({ detail }) => {
  const { thread } = document.getElementById("open").dataset
  if (!detail.isNews || !detail.said[thread]) return
  heard = { thread, ...detail.said[thread] }
  show()
})
document.addEventListener("htmx:afterSettle", show)

function show() {
  const latest = document.getElementById("latest")
  if (!latest || heard?.thread !== document.getElementById("open").dataset.thread) return
  if (document.getElementById(`message-${heard.message}`) || !continues(latest)) return
  latest.insertBefore(messageFrom(heard.html), latest.querySelector("[data-read-marker]"))
  latest.dispatchEvent(new CustomEvent("grown", { bubbles: true }))
}

// Whether it stands below all that is shown, and nothing between.
function continues(latest) {
  const before = document.getElementById(`message-${heard.before}`)
  const last = [...latest.querySelectorAll("time")].at(-1)
  if (!before || !latest.contains(before) || !last) return false
  const at = new Date(heard.at)
  return new Date(last.dateTime) <= at && isSameDay(new Date(last.dateTime), at, zone())
}

function messageFrom(html) {
  const template = document.createElement("template")
  template.innerHTML = html
  for (const time of template.content.querySelectorAll("time")) {
    time.textContent = clock(new Date(time.dateTime), zone())
    time.title = exact(new Date(time.dateTime), zone())
  }
  return template.content
}

function zone() {
  return document.querySelector("[data-zone]").dataset.zone
}
