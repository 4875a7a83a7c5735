// Focus management after htmx swaps: what a swap brings may ask for it with data-focus, or, to get it without being
// scrolled to, with data-focus="still". If a swap took away what had focus, the same control gets it in what came
// instead, else the first control of what it stood in; of the swapped part itself its heading, or, where that has
// data-focus-next="selector", the first such element in it or after it. What is opened in a [data-focus-opened] from
// without takes the focus to its heading. Swaps elsewhere leave the person where they are, and so does a dialog whose
// opener was swapped meanwhile.
const CONTROLS = "a[href], button:enabled, input:enabled, select:enabled, textarea:enabled"
let taken = false // whether it was in the part that is swapped
let opened = false // whether it was asked for from without
let place = [] // selectors of what had focus, and of what it stood in; innermost first
let opener = []
let had = null // what had focus, until something has it again

document.addEventListener("focusin", ({ target }) => {
  had = null
  if (!target.closest("dialog")) opener = placeOf(target)
})

document.addEventListener("htmx:beforeSwap", (event) => {
  const focused = document.activeElement
  const { target, requestConfig } = event.detail
  opened = "focusOpened" in target.dataset && !target.contains(requestConfig.elt)
  // One swap may come before the last has settled: what that took the focus from is still to be found again.
  if (focused === document.body && had && !had.isConnected) return
  had = focused === document.body ? null : focused
  taken = target.contains(had)
  place = had ? placeOf(had) : []
})

document.addEventListener("htmx:afterSettle", (event) => {
  const target = swapped(event)
  const asked = target.querySelector?.("[data-focus], [autofocus]")
  if (asked) asked.focus({ preventScroll: asked.dataset.focus === "still" })
  else if (opened && "focusOpened" in (target.dataset ?? {})) focusHeading(target)
  else if (taken && "focusNext" in (target.dataset ?? {})) focusNext(target)
  else if (document.activeElement === document.body) focusAgain(place, target)
})

document.addEventListener("close", giveBack, true)

document.querySelector("[data-focus]")?.focus()

// The part itself may have been replaced; what comes beside it, out of band, settles as well.
function swapped({ detail, target }) {
  const main = detail.target
  return main?.isConnected ? main : ((main?.id && document.getElementById(main.id)) || target)
}

// The browser gives focus back to who opened a dialog, unless that is gone; then it stays inside, hidden, for a moment.
function giveBack({ target }) {
  const focused = document.activeElement
  if (focused === document.body || target.contains(focused)) focusAgain(opener)
}

function placeOf(element) {
  const found = [selectorOf(element)]
  for (let each = element.parentElement; each; each = each.parentElement) if (each.id) found.push(byId(each))
  return found.filter(Boolean)
}

function selectorOf(element) {
  if (element.id) return byId(element)
  if (element.matches("a[href]")) {
    return `${element.parentElement.localName} > a${having("href", element.getAttribute("href"))}`
  }
  const action = element.form?.getAttribute("action")
  const named = element.name ? having("name", element.name) : ""
  return action && `form${having("action", action)} ${element.localName}${named}`
}

function byId({ id }) {
  return `#${CSS.escape(id)}`
}

function having(attribute, value) {
  return `[${attribute}="${CSS.escape(value)}"]`
}

function focusAgain(selectors, part) {
  for (const selector of selectors) {
    const found = inSight(selector)
    if (found && found === part) return focusHeading(part)
    const control = found?.tabIndex >= 0 ? found : firstControl(found)
    if (control && found.id !== "main") return control.focus({ preventScroll: true })
  }
  if (taken && part?.isConnected) focusHeading(part)
}

// Of what is the same, such as a link of a menu and a chip, what can be seen; else what opens the menu that holds it.
function inSight(selector) {
  const all = [...document.querySelectorAll(selector)]
  return all.find((each) => each.checkVisibility()) ?? all[0]?.closest("details:not([open])")?.querySelector("summary")
}

// What is hidden, such as a form's token, takes no focus.
function firstControl(part) {
  return [...(part?.querySelectorAll(CONTROLS) ?? [])].find((each) => each.checkVisibility())
}

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
