// What a form[data-send] cannot send, as nobody answers or the server cannot just now, stays in it: its
// [data-send-waiting] says so, and it is sent again when the browser is back, and every now and then. The form's key
// makes it one message, however often it went. [data-send-stop] in it: not to be sent by itself.
import { cannotNow } from "./unavailable.js"

const EVERY = 10000 // milliseconds
let next = 0

document.addEventListener("htmx:sendError", ({ target }) => wait(target))
document.addEventListener("htmx:timeout", ({ target }) => wait(target))
document.addEventListener("htmx:beforeOnLoad", ({ target, detail }) => {
  if (cannotNow(detail.xhr)) wait(target)
  else if (target.matches("form[data-send]")) stop(target)
})
document.addEventListener("click", ({ target }) => target.closest("[data-send-stop]") && stop(target.closest("form")))
window.addEventListener("online", again)

function wait(form) {
  if (!form.matches("form[data-send]")) return
  show(form, true)
  clearTimeout(next)
  next = setTimeout(again, EVERY)
}

function again() {
  for (const words of document.querySelectorAll("form[data-send] [data-send-waiting]:not([hidden])")) {
    words.closest("form").requestSubmit()
  }
}

function stop(form) {
  clearTimeout(next)
  show(form, false)
}

function show(form, isWaiting) {
  for (const words of form.querySelectorAll("[data-send-waiting]")) words.hidden = !isWaiting
}
