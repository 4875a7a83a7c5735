// What somebody pressed and htmx could not do is said: the [data-not-done] template has the words, by why. A form that
// says so itself, with [data-send-waiting], does; what a page asks for by itself is no news.
import { cannotNow } from "./unavailable.js"

document.addEventListener("htmx:sendError", (event) => tell(event, "offline"))
document.addEventListener("htmx:timeout", (event) => tell(event, "silent"))
document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail
  if (!xhr.getResponseHeader("HX-Redirect")) tell(event, cannotNow(xhr) ? "silent" : "refused", cannotNow(xhr))
})

// `mayWait`: a form that is sent again by itself has said so.
function tell({ target, detail }, why, mayWait = true) {
  if (detail.requestConfig?.triggeringEvent?.type !== "submit") return
  if (mayWait && target.querySelector("[data-send-waiting]")) return
  const toasts = document.getElementById("toasts")
  for (const old of toasts.querySelectorAll("[data-why]")) old.remove()
  toasts.append(document.querySelector(`template[data-not-done="${why}"]`).content.firstElementChild.cloneNode(true))
}
