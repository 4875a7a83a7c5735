// What is typed in a [data-draft="address"] is kept there: when one has paused, at once when the box leaves the page or
// the page is left, and again until it is taken.
import { cannotNow } from "./unavailable.js"

const PAUSE = 600 // milliseconds
const AGAIN = 5000
const planned = new Map() // timers, by box

document.addEventListener("input", ({ target }) => target.matches("[data-draft]") && plan(target, PAUSE))
document.addEventListener("htmx:beforeCleanupElement", ({ target }) => planned.has(target) && keep(target))
window.addEventListener("pagehide", keepAll)
window.addEventListener("online", keepAll)

function plan(box, wait) {
  clearTimeout(planned.get(box))
  planned.set(box, setTimeout(keep, wait, box))
}

function keepAll() {
  for (const box of [...planned.keys()]) keep(box)
}

// The form's key tells the server what was sent meanwhile: that is no draft any more.
async function keep(box) {
  clearTimeout(planned.get(box))
  planned.delete(box)
  if (!box.form) return
  const said = box.value
  const isKept = await post(box.dataset.draft, new FormData(box.form))
  if (!isKept && box.value === said && !planned.has(box)) plan(box, AGAIN)
}

function post(address, body) {
  const asked = { method: "POST", body, keepalive: true, headers: { "HX-Request": "true" } }
  return fetch(address, asked).then((answer) => !cannotNow(answer), () => false)
}
