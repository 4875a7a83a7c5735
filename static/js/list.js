// In a [data-list], j and k move through its [data-list-item]s by focusing the link of each; x ticks its checkbox.
// They go on from where one last was, as from a sheet that was opened there.
// With shift: J and K take what they come to along, and X all from the last one ticked.
const STEPS = { j: 1, k: -1, J: 1, K: -1 }
let last = "" // the id of the link that had the focus

document.addEventListener("focusin", ({ target }) => {
  const item = target.closest("[data-list-item]")
  if (item) last = focusable(item).id
})

document.addEventListener("single-key", (event) => {
  if (event.detail in STEPS) move(event, STEPS[event.detail])
  if (event.detail === "J" || event.detail === "K") take()
  if (event.detail === "x" || event.detail === "X") tick(event, event.detail === "X")
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

// Where one is: at the focused item, else where one was, else at the open one, else before the first.
function place(items) {
  const focused = items.indexOf(document.activeElement.closest("[data-list-item]"))
  if (focused >= 0) return focused
  const left = last ? items.findIndex((item) => focusable(item).id === last) : -1
  return left >= 0 ? left : items.findIndex((item) => item.matches("[aria-current]"))
}

function focusable(item) {
  return item.matches("a[href]") ? item : (item.querySelector("a[href]") ?? item.querySelector("input, button"))
}

function boxHere() {
  return document.activeElement.closest("[data-list-item]")?.querySelector("[data-select-row]")
}

function take() {
  const box = boxHere()
  if (box && !box.checked) box.click()
}

function tick(event, shiftKey) {
  const box = boxHere()
  if (!box) return
  event.preventDefault()
  box.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey }))
}
