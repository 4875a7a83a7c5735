// A part that looks again at itself waits while somebody presses something in it: a button that is swapped between
// the finger's down and up is never pressed. It looks once more when the finger is up.
let pressed = null
const missed = new Set()

document.addEventListener("pointerdown", (event) => (pressed = event.target))
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => setTimeout(letGo))

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!pressed || !event.detail.target.contains(pressed)) return
  event.detail.shouldSwap = false
  missed.add(event.detail.elt)
})

function letGo() {
  pressed = null
  for (const each of missed) if (each.isConnected) each.dispatchEvent(new CustomEvent("live", { bubbles: true }))
  missed.clear()
}
