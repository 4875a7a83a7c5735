// Focus is never lost: what a swap brings may ask for it with data-focus, and if the swap took away what had focus,
// the heading of what came instead gets it. Swaps elsewhere leave the person where they are.
let taken = false

document.addEventListener("htmx:beforeSwap", (event) => {
  taken = event.detail.target.contains(document.activeElement) && document.activeElement !== document.body
})

document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.detail.target?.isConnected ? event.detail.target : event.target // it may have been replaced
  const asked = target.querySelector?.("[data-focus], [autofocus]")
  if (asked) asked.focus()
  else if (taken && document.activeElement === document.body && target.isConnected) focusHeading(target)
})

document.querySelector("[data-focus]")?.focus()

function focusHeading(target) {
  const heading = target.querySelector("h1, h2, h3") ?? target
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
}
