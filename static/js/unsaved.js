// What is typed in a [data-unsaved] form and not sent is asked about before the page is left. Of a form with a name,
// data-unsaved="note-7", it is there again when a swap brings that form back.
const typed = new Map() // by name

document.addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-unsaved]")
  if (form?.dataset.unsaved) remember(form, target)
})
document.addEventListener("htmx:afterSettle", bringBack)
document.addEventListener("submit", ({ target }) => target.matches("[data-unsaved]") && (target.dataset.leaves = ""))
document.addEventListener("htmx:beforeOnLoad", ({ target, detail }) => {
  if (target.matches("form[data-unsaved]") && isSent(detail)) typed.delete(target.dataset.unsaved)
})
document.addEventListener("htmx:afterRequest", ({ target }) => stay(target))
window.addEventListener("pageshow", () => document.querySelectorAll("[data-leaves]").forEach(stay))
window.addEventListener("beforeunload", (event) => {
  const forms = [...document.querySelectorAll("form[data-unsaved]:not([data-leaves])")]
  if (typed.size || forms.some(isTyped)) event.preventDefault()
})

function isSent({ xhr, requestConfig }) {
  return requestConfig.verb === "post" && xhr.status < 400
}

function stay(form) {
  delete form.dataset.leaves
}

function remember({ dataset }, { value }) {
  if (value.trim()) typed.set(dataset.unsaved, value)
  else typed.delete(dataset.unsaved)
}

function bringBack() {
  for (const [name, value] of typed) {
    const box = document.querySelector(`form[data-unsaved="${CSS.escape(name)}"] textarea`)
    if (!box || box.value) continue
    box.value = value
    box.closest("details")?.setAttribute("open", "")
  }
}

function isTyped(form) {
  const boxes = [...form.querySelectorAll("textarea, input:not([type=hidden], [type=submit])")]
  return boxes.some((each) => each.value !== each.defaultValue)
}
