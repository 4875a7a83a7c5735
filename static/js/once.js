// Prevents double submit: of a form with data-once, a second press while the first is on its way does nothing.
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
