// Focus management after htmx swaps: what a swap brings may ask for it with data-focus, and if the swap took away what
// had focus, the heading of what came instead gets it; or, where that has data-focus-next="selector", the first such
// element in it or after it. Swaps elsewhere leave the person where they are.
let taken = false

document.addEventListener("htmx:beforeSwap", (event) => {
  taken = event.detail.target.contains(document.activeElement) && document.activeElement !== document.body
})

document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.detail.target?.isConnected ? event.detail.target : event.target // it may have been replaced
  const asked = target.querySelector?.("[data-focus], [autofocus]")
  if (asked) asked.focus()
  else if (taken && "focusNext" in (target.dataset ?? {})) focusNext(target)
  else if (taken && document.activeElement === document.body && target.isConnected) focusHeading(target)
})

document.querySelector("[data-focus]")?.focus()

function focusHeading(target) {
  const heading = target.querySelector("h1, h2, h3") ?? target
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
}

function focusNext(element) {
  const some = [...document.querySelectorAll(element.dataset.focusNext)]
  const next = some.find((each) => element.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING)
  if (next) next.focus()
  else focusHeading(element)
}
