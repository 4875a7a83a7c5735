// A [data-stick] conversation opens at its end and stays there when a message arrives, by a swap or by what says that
// it has "grown", unless one has scrolled up to read. Where a swap puts more above what one reads, in place of a
// [data-keep-place], that stays where it is.
const NEAR = 120 // pixels
const atEnd = new WeakMap()
let kept = null // what scrolls, and how far from its end one reads

document.addEventListener("scroll", (event) => remember(event.target), { capture: true, passive: true })
document.addEventListener("htmx:beforeSwap", ({ detail }) => detail.shouldSwap && keepPlace(detail.target))
document.addEventListener("htmx:afterSwap", goBack)
document.addEventListener("htmx:afterSettle", () => (kept ? forget() : follow()))
document.addEventListener("grown", follow)
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

function keepPlace(target) {
  if (!("keepPlace" in target.dataset)) return
  const element = target.closest("[data-stick]")
  kept = { element, fromEnd: element.scrollHeight - element.scrollTop }
}

function goBack() {
  if (kept) kept.element.scrollTop = kept.element.scrollHeight - kept.fromEnd
}

function forget() {
  goBack()
  kept = null
}
