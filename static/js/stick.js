// A [data-stick] conversation opens at its end and stays there when a message arrives, unless one has scrolled up to
// read.
const NEAR = 120 // pixels
const atEnd = new WeakMap()

document.addEventListener("scroll", (event) => remember(event.target), { capture: true, passive: true })
document.addEventListener("htmx:afterSettle", follow)
follow()

function remember(element) {
  if (!element.dataset || !("stick" in element.dataset)) return
  atEnd.set(element, element.scrollHeight - element.scrollTop - element.clientHeight < NEAR)
}

function follow() {
  for (const element of document.querySelectorAll("[data-stick]")) {
    if (atEnd.get(element) !== false) element.scrollTop = element.scrollHeight
  }
}
