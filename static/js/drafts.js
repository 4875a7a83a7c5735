// What is typed in a [data-draft="address"], a box or a whole form, is kept there: when one has paused, at once when it
// leaves the page or the page is left, and again until it is taken. The element that data-saved names says when it was.
import { cannotNow } from "./unavailable.js"

const PAUSE = 600 // milliseconds
const AGAIN = 5000
const planned = new Map() // timers, by place

document.addEventListener("input", ({ target }) => {
  const place = target.closest("[data-draft]")
  if (place) plan(place, PAUSE)
})
document.addEventListener("htmx:beforeCleanupElement", ({ target }) => planned.has(target) && keep(target))
window.addEventListener("pagehide", keepAll)
window.addEventListener("online", keepAll)

function plan(place, wait) {
  clearTimeout(planned.get(place))
  planned.set(place, setTimeout(keep, wait, place))
}

function keepAll() {
  for (const place of [...planned.keys()]) keep(place)
}

// The form's key tells the server what was sent meanwhile: that is no draft any more.
async function keep(place) {
  clearTimeout(planned.get(place))
  planned.delete(place)
  const form = place.closest("form")
  if (!form) return
  const said = typed(form)
  const kept = await post(place.dataset.draft, new FormData(form))
  if (kept !== null) say(place, kept)
  else if (typed(form) === said && !planned.has(place)) plan(place, AGAIN)
}

// In words; null: not taken, and worth another try.
async function post(address, body) {
  const asked = { method: "POST", body, keepalive: true, headers: { "HX-Request": "true" } }
  const answer = await fetch(address, asked).catch(() => null)
  if (!answer || cannotNow(answer)) return null
  return answer.status === 200 && !answer.redirected && !answer.headers.has("HX-Redirect") ? answer.text() : ""
}

function say({ dataset }, words) {
  const place = document.getElementById(dataset.saved)
  if (place) place.textContent = words
}

function typed(form) {
  return JSON.stringify([...new FormData(form)])
}
