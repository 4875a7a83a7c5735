// Server-sent events. A [data-live] holds the page's one EventSource, from the address it names, while the tab is
// looked at: a browser has room for six. What the stream says, also when it begins, goes out as "live": parts with
// hx-trigger="live from:closest [data-live]" look again. While there is none, [data-live-lost] says so, and they look
// again every now and then. Where a person has more streams than there are kept, "full" says when to come again: each
// time they look, and nothing is amiss.
const PATIENCE = 3000 // milliseconds: a stream that ends in good order is back before
const EVERY = 10000 // milliseconds between looks without a stream: the polling fallback
const PACE = 500 // milliseconds between looks, however much is said: throttled with a trailing look
const place = document.querySelector("[data-live]")
let stream = null
let patience = PATIENCE
let losing = 0
let looking = 0
let resting = 0
let toldMeanwhile = false

if (place) {
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()))
  window.addEventListener("pagehide", close)
  window.addEventListener("pageshow", () => stream || open())
  window.addEventListener("offline", lost)
  window.addEventListener("online", open)
  open()
}

function open() {
  stream?.close()
  if (document.hidden) return
  const { live: address } = place.dataset
  stream = new EventSource(address)
  stream.addEventListener("open", found)
  stream.addEventListener("full", (event) => (patience = Number(event.data) + PATIENCE))
  stream.addEventListener("error", () => (losing ||= setTimeout(lost, patience)))
  for (const topic of topics(address)) stream.addEventListener(topic, tell)
}

function close() {
  stream?.close()
  stream = null
  found()
}

function found() {
  patience = PATIENCE
  losing = clearTimeout(losing)
  looking = clearInterval(looking)
  show(false)
}

function lost() {
  show(true)
  looking ||= setInterval(look, EVERY)
}

// The browser connects again by itself, unless it was refused.
function look() {
  tell()
  if (stream?.readyState === EventSource.CLOSED) open()
}

// At once; what is said while we rest is one more look after it, so that the last word is never lost.
function tell() {
  toldMeanwhile = Boolean(resting)
  if (resting) return
  place.dispatchEvent(new CustomEvent("live"))
  resting = setTimeout(() => {
    resting = 0
    if (toldMeanwhile) tell()
  }, PACE)
}

function show(isLost) {
  for (const words of document.querySelectorAll("[data-live-lost]")) words.hidden = !isLost
}

function topics(address) {
  return new URL(address, location).searchParams.get("topics").split(",").map((topic) => topic.split(":")[0])
}
