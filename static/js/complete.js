// <textarea data-complete="id">: while a placeholder is begun, as in $(fir, the list with that id offers those that
// go on so: arrows choose, Enter takes, Escape closes. They are those of the buttons that put one into the field.
const BEGUN = /\$\(([^()\n]*)$/

document.addEventListener("input", ({ target }) => offer(target))
document.addEventListener("focusout", ({ target }) => close(target))
document.addEventListener("keydown", (event) => {
  const list = listOf(event.target)
  if (!list || list.hidden) return
  const act = { ArrowDown: () => move(event.target, 1), ArrowUp: () => move(event.target, -1) }
  act.Enter = () => take(event.target, chosen(list))
  act.Escape = () => close(event.target)
  if (!(event.key in act)) return
  event.preventDefault()
  event.stopPropagation()
  act[event.key]()
}, true)
document.addEventListener("mousedown", (event) => {
  const option = event.target.closest("[data-completes]")
  if (!option) return
  event.preventDefault() // the field keeps focus
  take(document.getElementById(option.dataset.completes), option)
})

function listOf(field) {
  return document.getElementById(field.dataset?.complete)
}

function offer(field) {
  const list = listOf(field)
  if (!list) return
  const begun = BEGUN.exec(field.value.slice(0, field.selectionStart))?.[1].toLowerCase()
  const buttons = begun === undefined ? [] : [...document.querySelectorAll(`[data-insert-into="${field.id}"]`)]
  const found = buttons.filter((each) => goesOn(each, begun))
  list.replaceChildren(...found.map((each, index) => optionOf(each, field, index)))
  list.hidden = !found.length
  choose(field, list.firstElementChild)
}

function goesOn(button, begun) {
  const text = button.dataset.insertText
  const names = [text.slice(2), button.textContent.trim()]
  return text.startsWith("$(") && names.some((each) => each.toLowerCase().startsWith(begun))
}

function optionOf(button, field, index) {
  const option = document.createElement("li")
  option.id = `${field.dataset.complete}-${index}`
  option.className = "completions__option"
  option.role = "option"
  option.dataset.completes = field.id
  option.dataset.text = button.dataset.insertText
  option.textContent = `${button.textContent.trim()} ${button.dataset.insertText}`
  return option
}

function move(field, step) {
  const options = [...listOf(field).children]
  const index = options.indexOf(chosen(listOf(field))) + step
  choose(field, options.at(index % options.length))
}

function chosen(list) {
  return list.querySelector("[aria-selected=true]")
}

function choose(field, option) {
  for (const each of listOf(field).children) each.ariaSelected = String(each === option)
  if (option) field.setAttribute("aria-activedescendant", option.id)
  else field.removeAttribute("aria-activedescendant")
}

function take(field, option) {
  const begun = BEGUN.exec(field.value.slice(0, field.selectionStart))
  if (begun) field.setRangeText(option.dataset.text, begun.index, field.selectionStart, "end")
  field.dispatchEvent(new Event("input", { bubbles: true }))
}

function close(field) {
  const list = listOf(field)
  if (list) list.hidden = true
  if (list) choose(field, null)
}
