// In a [data-list], j and k move through its [data-list-item]s by focusing the link of each; x ticks its checkbox.
const STEPS = { j: 1, k: -1 }

document.addEventListener("single-key", (event) => {
  if (event.detail in STEPS) move(event, STEPS[event.detail])
  if (event.detail === "x") tick(event)
})

function move(event, step) {
  const list = document.activeElement.closest("[data-list]") ?? document.querySelector("[data-list]")
  if (!list) return
  const items = [...list.querySelectorAll("[data-list-item]")]
  const next = items[Math.max(0, Math.min(items.length - 1, place(items) + step))]
  if (!next) return
  event.preventDefault()
  focusable(next).focus()
  next.scrollIntoView({ block: "nearest" })
}

// Where one is: at the focused item, else at the open one, else before the first.
function place(items) {
  const focused = items.indexOf(document.activeElement.closest("[data-list-item]"))
  return focused >= 0 ? focused : items.findIndex((item) => item.matches("[aria-current]"))
}

function focusable(item) {
  return item.matches("a[href]") ? item : item.querySelector("th a[href], a[href], input, button")
}

function tick(event) {
  const box = document.activeElement.closest("[data-list-item]")?.querySelector("[data-select-row]")
  if (!box) return
  event.preventDefault()
  box.click()
}
