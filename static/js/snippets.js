// "/name", then Tab, in a text area with data-snippets: the text of the [data-snippet="name"] of the page takes its
// place.
const NAME = /(?:^|\s)\/([\p{L}\p{N}_-]+)$/u

document.addEventListener("keydown", (event) => {
  const field = event.target
  if (event.key !== "Tab" || event.shiftKey || !field.matches("textarea[data-snippets]")) return
  const end = field.selectionStart
  const [, name] = field.value.slice(0, end).match(NAME) ?? []
  const snippet = name && document.querySelector(`[data-snippet="${CSS.escape(name.toLowerCase())}"]`)
  if (!snippet) return
  event.preventDefault()
  field.setRangeText(snippet.dataset.insertText, end - name.length - 1, end, "end")
  field.dispatchEvent(new Event("input", { bubbles: true }))
})
