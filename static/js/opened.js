// What one has opened or closed, a <details> with an id, stays so when a swap brings it anew; a [data-menu] closes.
const chosen = new Map() // by id, whether it is open

document.addEventListener("click", ({ target }) => {
  const part = target.closest("summary")?.parentElement
  if (part?.id && !("menu" in part.dataset)) chosen.set(part.id, !part.open)
})
document.addEventListener("htmx:afterSwap", keep)
document.addEventListener("htmx:oobAfterSwap", keep)

function keep() {
  for (const [id, isOpen] of chosen) document.getElementById(id)?.toggleAttribute("open", isOpen)
}
