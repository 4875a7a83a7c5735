// The thread that is open beside the list (#open): the list stays where it is and marks it; it looks again (#look, one
// answer for all its parts) when the stream says that it changed, also while it was asked for, and it goes when it is
// gone; colleagues hear who is writing an answer, and see who else is. What is said or written in any thread with the
// person shows here, and what this person has read is marked so no more.
const TELLS_EVERY = 5000 // milliseconds, while somebody types
const FORGOTTEN_AFTER = 15000 // milliseconds: who has not typed since is not writing
const inbox = document.querySelector("[data-live-rows]")
let toldAt = 0
let forgetting = 0
let writers = {} // by thread, who writes there, by their keys
let meanwhile = new Set() // threads that changed since one was asked for
let isLooking = false // what comes is the answer to a look, and not to a press
let pressed = 0 // times that a press changed the strip above the conversation
let lookedAt = 0 // as many of them as a look knows of
let isBehind = false // the strip above the conversation was not brought up to date, as somebody was busy in it

inbox?.addEventListener("live-rows", ({ detail }) => {
  const { thread } = open().dataset
  for (const key of Object.keys(detail.rows)) meanwhile.add(key)
  if (detail.gone.includes(Number(thread))) location.replace(inbox.querySelector(".inbox__back").href)
  const told = toldOfPerson(detail.rows, detail)
  if (!told.length) return
  showWritersIn(told, detail)
  lookAgain()
})

inbox?.addEventListener("live-people", ({ detail }) => {
  const { thread, read } = open().dataset
  showWritersIn(toldOfPerson(detail.writing, detail), detail)
  const now = Number(detail.reads[thread]?.[person()] ?? 0)
  if (!detail.isNews || !(thread in detail.writing) || now === Number(read)) return
  open().dataset.read = now
  if (now < Number(read)) lookAgain()
  else document.querySelector(`[data-read-marker]:has([name="newest"][value="${now}"])`)?.remove()
})

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target.id === "open") meanwhile = new Set()
  if (detail.elt.id === "look") lookedAt = pressed
})

document.addEventListener("htmx:beforeOnLoad", ({ detail }) => (isLooking = detail.elt.id === "look"))
document.addEventListener("htmx:oobBeforeSwap", keepBusy)
for (const end of ["focusout", "toggle"]) document.addEventListener(end, () => setTimeout(catchUp), { capture: true })
document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.id === "open") showOpened()
  if (target.id === "work" && !isLooking) pressed += 1
})
document.addEventListener("input", ({ target }) => target.closest("#composer") && tellWriting(target.form))
window.addEventListener("popstate", () => inbox && location.reload())

document.querySelector(".thread [aria-current]")?.scrollIntoView({ block: "nearest" })
if (location.hash) document.querySelector(location.hash)?.scrollIntoView({ block: "center" })

function open() {
  return document.getElementById("open")
}

function showOpened() {
  const { thread, pane } = open().dataset
  inbox.className = pane ? `inbox inbox--${pane}` : "inbox"
  for (const link of inbox.querySelectorAll(".thread [aria-current]")) link.removeAttribute("aria-current")
  inbox.querySelector(`[data-thread="${thread}"].thread a`)?.setAttribute("aria-current", "true")
  toldAt = 0
  writers = {}
  if (open().dataset.threads?.split(" ").some((each) => meanwhile.has(each))) lookAgain()
}

// Threads with the person who is shown, of those that an event tells of.
function toldOfPerson(threads, detail) {
  if (!open().dataset.thread || !detail.isNews) return []
  return Object.keys(threads).filter((each) => isWithPerson(each, detail))
}

// One of those that the page knows of, or one that has begun meanwhile.
function isWithPerson(thread, { addresses = {} }) {
  const { threads, address } = open().dataset
  return threads.split(" ").includes(thread) || addresses[thread] === address
}

function showWritersIn(threads, detail) {
  if (!threads.length) return
  for (const each of threads) writers[each] = detail.writing[each]
  showWriting(Object.entries(Object.assign({}, ...Object.values(writers))))
}

function lookAgain() {
  inbox.dispatchEvent(new CustomEvent("thread-changed"))
}

// What somebody types or chooses in is not taken away under their hands, unless they sent it or ask for more; nor is
// what a press has brought since the look was asked for.
function keepBusy({ detail, target }) {
  if (target.id !== "work") return
  const isOld = isLooking && lookedAt !== pressed
  isBehind = isOld || isBusy(target)
  if (isOld) setTimeout(catchUp)
  if (isBehind) detail.shouldSwap = false
}

function catchUp() {
  const work = document.getElementById("work")
  if (!isBehind || !work || isBusy(work)) return
  isBehind = false
  lookAgain()
}

function isBusy(part) {
  const typed = [...part.querySelectorAll("textarea, input:not([type=hidden])")].some((each) => each.value)
  const isWriting = part.contains(document.activeElement) && document.activeElement.matches("textarea")
  return typed || isWriting || part.querySelector(".menu[open]") !== null
}

function showWriting(writing) {
  const names = writing.filter(([key]) => key !== person()).map(([, name]) => name)
  const words = names.length ? `${names.join(", ")} ${names.length > 1 ? "are" : "is"} answering` : ""
  for (const place of document.querySelectorAll("[data-writing]")) place.textContent = words
  clearTimeout(forgetting)
  if (words) forgetting = setTimeout(forgetWriters, FORGOTTEN_AFTER)
}

function forgetWriters() {
  writers = {}
  showWriting([])
}

function person() {
  return inbox.querySelector("[data-person]")?.dataset.person
}

function tellWriting(form) {
  const address = open().dataset.writingUrl
  if (!address || Date.now() - toldAt < TELLS_EVERY) return
  toldAt = Date.now()
  fetch(address, { method: "POST", body: new FormData(form) }).catch(() => (toldAt = 0))
}
