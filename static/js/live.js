// Server-sent events. A [data-live] holds the page's one EventSource, from the address it names, while the tab is
// looked at: a browser has room for six. What the stream says goes out as "live": parts with
// hx-trigger="live from:closest [data-live]" look again. Where the [data-live] is data-live-rows too, what carries
// the changed rows and what was said last goes out as "live-rows" instead, who reads and writes there as "live-people",
// what became of messages as "live-states", numbers of filters as "live-counts", and nothing is asked for. While there
// is no stream, or a line that hangs (no sign of life in time), [data-live-lost] says so, and parts look again every
// now and then.
// Where a person has more streams than there are kept, "full" says when to come again: each time they look, and
// nothing is amiss.
const PATIENCE = 3000 // milliseconds: a stream that ends in good order is back before
const SILENCE = 12000 // milliseconds without a sign of life, of which there is one every five seconds
const EVERY = 10000 // milliseconds between looks without a stream: the polling fallback
const PACE = 500 // milliseconds between looks, however much is said: throttled with a trailing look
const NAMES = { rows: "live-rows", states: "live-states", counts: "live-counts" } // of what is said, by what it holds
const place = document.querySelector("[data-live]")
let stream = null
let patience = PATIENCE
let losing = 0
let watching = 0
let known = place ? (address().searchParams.get("since") ?? "") : "" // the number of the last change that was heard
let isCatchingUp = true
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
  const from = address()
  if (known) from.searchParams.set("since", known)
  stream = new EventSource(from)
  watch()
  stream.addEventListener("open", catchUp)
  stream.addEventListener("current", () => (isCatchingUp = false))
  stream.addEventListener("beat", found)
  stream.addEventListener("full", full)
  stream.addEventListener("error", () => (losing ||= setTimeout(lost, patience)))
  for (const topic of topics()) stream.addEventListener(topic, hear)
}

function close() {
  stream?.close()
  stream = null
  found()
  watching = clearTimeout(watching)
}

// What was missed is told with what was heard already, which is no news; then the stream says "current".
function catchUp() {
  isCatchingUp = true
  found()
}

function found() {
  watch()
  patience = PATIENCE
  losing = clearTimeout(losing)
  looking = clearInterval(looking)
  show(false)
}

// A line that hangs says nothing, not even that it has ended: the browser would wait for ever.
function watch() {
  clearTimeout(watching)
  watching = setTimeout(() => {
    lost()
    open()
  }, SILENCE)
}

function full({ data }) {
  patience = Number(data) + PATIENCE
  watching = clearTimeout(watching)
}

function hear({ data, lastEventId }) {
  found()
  const isNews = !isCatchingUp || Number(lastEventId) > Number(known)
  known = lastEventId || known
  if (!("liveRows" in place.dataset && data.startsWith("{"))) return tell()
  const said = JSON.parse(data)
  const kind = Object.keys(said).find((each) => each in NAMES)
  dispatch(NAMES[kind] ?? "live-people", { ...said, isNews, number: known })
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
  dispatch("live")
  resting = setTimeout(() => {
    resting = 0
    if (toldMeanwhile) tell()
  }, PACE)
}

function dispatch(name, detail) {
  place.dispatchEvent(new CustomEvent(name, { detail }))
}

function show(isLost) {
  for (const words of document.querySelectorAll("[data-live-lost]")) words.hidden = !isLost
}

function address() {
  const found = new URL(place.dataset.live, location)
  return found
}

function topics() {
  return address().searchParams.get("topics").split(",").map((topic) => topic.split(":")[0])
}
