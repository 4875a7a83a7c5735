// A <details data-menu> opens by itself; this closes it on a click elsewhere and on Escape, and walks it with arrows.
const open = () => document.querySelectorAll("details[data-menu][open]")

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false
})

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeAll(event)
  if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(event)
})

function closeAll(event) {
  for (const menu of open()) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus()
    menu.open = false
    event.preventDefault()
  }
}

function walk(event) {
  const menu = document.activeElement.closest("details[data-menu][open]")
  if (!menu || document.activeElement.matches("input, textarea, select")) return
  const items = [...menu.querySelectorAll("summary, a[href], button:not(:disabled), input, select")]
  const step = event.key === "ArrowDown" ? 1 : -1
  const next = items[items.indexOf(document.activeElement) + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}
