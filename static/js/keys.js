// Any element may carry data-key="e" or data-key="g c": typing that presses it, or puts the cursor in it. A menu opens
// with its first item focused, and what is folded away is unfolded.
// A key that no element asks for goes out as a "single-key" event, for behaviours such as list.js.
const PAUSE = 1200 // milliseconds in which the second key of "g c" must follow
const SWITCH = "single-keys"
const FIRST_ITEM = ".menu__panel :is(a, button, input:not([type=hidden]))"
let before = ""
let clearing = 0

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "k") return press(event, "/")
  if (event.ctrlKey || event.metaKey || event.altKey || !isOn() || isTyping(event.target)) return
  if (document.querySelector("dialog[open]")) return
  if (event.repeat) return offer(event) // it moves on through a list, and presses nothing
  const first = before
  remember(event.key)
  if (first && press(event, `${first} ${event.key}`)) return
  if (!press(event, event.key)) offer(event)
})

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-keys-switch]")) localStorage.setItem(SWITCH, event.target.checked ? "on" : "off")
})

for (const box of document.querySelectorAll("[data-keys-switch]")) box.checked = isOn()

function isOn() {
  return localStorage.getItem(SWITCH) !== "off"
}

function isTyping(target) {
  return target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio])")
}

function remember(key) {
  before = key
  clearTimeout(clearing)
  clearing = setTimeout(() => (before = ""), PAUSE)
}

function press(event, key) {
  const target = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(canBePressed)
  if (!target) return false
  event.preventDefault()
  before = ""
  if (target.matches("input, textarea, select")) reveal(target)
  else target.click()
  if (target.matches("summary")) target.parentElement.querySelector(FIRST_ITEM)?.focus()
  return true
}

function reveal(field) {
  field.closest("details:not([open])")?.setAttribute("open", "")
  field.focus()
}

function offer(event) {
  const unwanted = document.dispatchEvent(new CustomEvent("single-key", { detail: event.key, cancelable: true }))
  if (!unwanted) event.preventDefault()
}

// What a closed menu holds may still be pressed by its key; what the page itself hides may not.
function canBePressed(element) {
  return element.closest("details:not([open])") !== null || element.getClientRects().length > 0
}
