// Writing a template. All that changes a text goes through insertText, so that Ctrl+Z takes it back.
// <button data-insert="id">: a variable, {{name}}, where the cursor is in the control with that id; its name is
// selected, to be typed over.
// <button data-wrap="*" data-of="id" data-shortcut="b">: the sign on both sides of what is selected, by Ctrl+B, too.
// <button data-prefix="- " data-of="id">: before each line that is selected.
// <a href="#id" data-from="3" data-to="8">: selects that part of the text.
// #mended holds, out of band, what a fix changed: <input data-for="id" value="…">.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert], [data-wrap], [data-prefix], a[data-from]")
  if (!button) return
  if (button.matches("a")) return select(event, button)
  const control = document.getElementById(button.dataset.insert ?? button.dataset.of)
  if ("insert" in button.dataset) insertVariable(control)
  else if ("wrap" in button.dataset) wrap(control, button.dataset.wrap)
  else prefix(control, button.dataset.prefix)
})

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return
  const button = document.querySelector(`[data-shortcut="${CSS.escape(event.key.toLowerCase())}"]`)
  if (!button || event.target.id !== (button.dataset.of ?? button.dataset.insert)) return
  event.preventDefault()
  button.click()
})

document.addEventListener("htmx:oobAfterSwap", ({ detail }) => {
  if (detail.target.id !== "mended" && detail.elt?.id !== "mended") return
  const focused = document.activeElement
  for (const mended of document.querySelectorAll("#mended [data-for]")) {
    const control = document.getElementById(mended.dataset.for)
    if (control && control.value !== mended.value) replaceAll(control, mended.value)
  }
  focused?.focus?.()
  known = said(document.getElementById("editor"))
})

// What was last told of the page: asked again, the answer would be the same, and move what somebody is about to press.
let known = ""
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id !== "editor") return
  const written = said(event.target)
  if (written === known) event.preventDefault()
  known = written
})

function said(form) {
  const fields = [...new FormData(form)].filter(([name]) => name !== "revision")
  return JSON.stringify(fields)
}

function insertVariable(control) {
  const before = control.value.slice(0, control.selectionStart)
  let name = control.value.includes("{{first_name}}") ? "name" : "first_name"
  for (let number = 2; control.value.includes(`{{${name}}}`); number++) name = `name_${number}`
  insert(control, `${before.endsWith("}}") ? " " : ""}{{${name}}}`)
  const end = control.selectionStart - "}}".length
  control.setSelectionRange(end - name.length, end)
}

function wrap(control, sign) {
  const { selectionStart: start, selectionEnd: end, value } = control
  const chosen = value.slice(start, end)
  insert(control, `${sign}${chosen}${sign}`)
  control.setSelectionRange(start + sign.length, start + sign.length + chosen.length)
}

function prefix(control, sign) {
  const { selectionStart, selectionEnd: end, value } = control
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1
  control.setSelectionRange(start, end)
  const lines = value.slice(start, end).split("\n")
  insert(control, lines.map((line, index) => sign.replace("1", index + 1) + line).join("\n"))
}

function replaceAll(control, text) {
  if (control.matches("select")) control.value = text
  else {
    control.focus({ preventScroll: true })
    control.select()
    insert(control, text)
  }
}

// Deprecated and without a successor: nothing else keeps the history of what was typed.
function insert(control, text) {
  control.focus()
  const isDone = text ? document.execCommand("insertText", false, text) : document.execCommand("delete")
  if (isDone) return
  control.setRangeText(text, control.selectionStart, control.selectionEnd, "end")
  control.dispatchEvent(new Event("input", { bubbles: true }))
}

// Positions count characters as Python does; the control counts UTF-16 units.
function select(event, link) {
  const control = document.getElementById(link.hash.slice(1))
  if (!control) return
  event.preventDefault()
  const [start, end] = [link.dataset.from, link.dataset.to].map((at) => [...control.value].slice(0, at).join("").length)
  control.focus()
  control.setSelectionRange(start, end)
}
