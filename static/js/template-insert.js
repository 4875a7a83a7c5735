// <button data-insert="id">: puts the next variable, {{1}}, {{2}} …, where the cursor is in the control with that id.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]")
  const control = button && document.getElementById(button.dataset.insert)
  if (!control) return
  const used = [...control.value.matchAll(/\{\{(\d{1,3})\}\}/g)].map((found) => Number(found[1]))
  control.focus()
  control.setRangeText(`{{${Math.max(0, ...used) + 1}}}`, control.selectionStart, control.selectionEnd, "end")
  control.dispatchEvent(new Event("input", { bubbles: true }))
})
