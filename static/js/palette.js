// [data-palette], the search of the top bar: what is found shows below it while one types, and what one may have been
// at when it gets the focus empty. Arrows walk through it, Enter opens; Escape empties it, then leaves the field.
const form = document.querySelector("[data-palette]")
const field = form?.querySelector("input")
const panel = document.getElementById("everything-found")

form?.addEventListener("focusin", ({ target }) => {
  if (target === field && !panel.hasChildNodes()) htmx.trigger(field, "palette")
})

form?.addEventListener("focusout", ({ relatedTarget }) => {
  if (!form.contains(relatedTarget)) close()
})

form?.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(event, event.key === "ArrowDown" ? 1 : -1)
  if (event.key === "Escape") leave(event)
})

// A press on what was found must not take the focus away first, which would put it away under the pointer.
panel?.addEventListener("mousedown", (event) => event.preventDefault())

// An answer that comes when one is elsewhere, or at a link of the one before, is not wanted any more.
panel?.addEventListener("htmx:beforeSwap", (event) => {
  if (document.activeElement !== field) event.preventDefault()
})

panel?.addEventListener("htmx:afterSwap", () => {
  const number = panel.querySelectorAll("[role=group] a[href]").length
  const found = number ? `${number} ${number === 1 ? "result" : "results"}` : "Nothing found"
  form.querySelector("[data-palette-status]").textContent = found
})

function links() {
  return [...panel.querySelectorAll("a[href]")]
}

function walk(event, step) {
  const stops = [field, ...links()]
  const next = stops[stops.indexOf(document.activeElement) + step]
  if (!next || stops.length === 1) return
  event.preventDefault()
  next.focus()
}

function leave(event) {
  if (panel.hasChildNodes()) {
    event.preventDefault()
    field.focus()
    close()
  } else {
    field.blur()
  }
}

function close() {
  htmx.trigger(field, "htmx:abort")
  panel.replaceChildren()
  form.querySelector("[data-palette-status]").textContent = ""
}
