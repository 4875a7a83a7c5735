// Prevents double submit: of a form with data-once, a second press while the first is on its way does nothing. The
// second press of a double click is for what the first was on, and a key that is held presses once: what a swap has
// put there meanwhile, as the next conversation, is not meant.
let first = null // the button that was clicked first

document.addEventListener("click", (event) => {
  const button = event.target.closest("form[hx-post] button")
  if (event.detail < 2) first = button
  else if (button && button !== first) event.preventDefault()
}, { capture: true })

document.addEventListener("keydown", (event) => {
  if (event.repeat && event.key === "Enter" && event.target.closest("button")) event.preventDefault()
})

document.addEventListener("submit", (event) => {
  const form = event.target
  if (!("once" in form.dataset)) return
  if ("sent" in form.dataset) event.preventDefault()
  else form.dataset.sent = ""
})

document.addEventListener("htmx:afterRequest", (event) => free(event.target))
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(free))

function free(form) {
  delete form.dataset.sent
}
