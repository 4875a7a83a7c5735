// data-insert-text="words" data-insert-into="id": puts the text at the cursor of that field, and goes on there.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert-text]")
  const field = button && document.getElementById(button.dataset.insertInto)
  if (!field) return
  event.preventDefault()
  field.setRangeText(button.dataset.insertText, field.selectionStart, field.selectionEnd, "end")
  field.focus()
  field.dispatchEvent(new Event("input", { bubbles: true }))
})
