// The numbers of the filters above the list (#filter-chips) are what the stream of live.js says ("live-counts"):
// counted once for all who look. While there is no stream they are looked up now and then, with the list.
const SOON = 1500 // milliseconds
const REST = 8000
const inbox = document.querySelector("[data-live-rows]")
let looked = -REST
let due = 0

inbox?.addEventListener("live", () => {
  due ||= setTimeout(look, Math.max(SOON, looked + REST - performance.now()))
})

inbox?.addEventListener("live-counts", ({ detail }) => {
  if (inbox.dataset.customer !== String(detail.customer)) return
  for (const place of document.querySelectorAll("#filter-chips [data-count]")) {
    const number = detail.counts[place.dataset.count]
    if (number === undefined) continue
    place.textContent = number
    place.hidden = !number
  }
})

function look() {
  due = 0
  looked = performance.now()
  htmx.trigger("#filter-chips", "look-again")
}
