// The numbers of the filters above the list (#filter-chips) are looked up again soon after the stream of live.js says
// that something changed, and not more often than now and then, however much changes.
const SOON = 1500 // milliseconds
const REST = 8000
const inbox = document.querySelector("[data-live-rows]")
let looked = -REST
let due = 0

inbox?.addEventListener("live", plan)
inbox?.addEventListener("live-rows", ({ detail }) => detail.isNews && isHere(detail) && plan())
inbox?.addEventListener("live-people", ({ detail }) => detail.isNews && isHere(detail) && isMine(detail) && plan())

function plan() {
  due ||= setTimeout(look, Math.max(SOON, looked + REST - performance.now()))
}

function look() {
  due = 0
  looked = performance.now()
  htmx.trigger("#filter-chips", "look-again")
}

function isHere({ customer }) {
  return inbox.dataset.customer === String(customer)
}

// Colleagues who read and write change no number of this person's.
function isMine({ reads, mentions }) {
  const { person } = document.getElementById("threads")?.dataset ?? {}
  return [...Object.values(reads), ...Object.values(mentions)].some((those) => person in those)
}
