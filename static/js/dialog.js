// data-dialog-open="id" opens that dialog; data-dialog-close closes the one it stands in.
// What htmx puts into the empty #dialog opens it. Without this, each such link leads to a page with the same form.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]")
  const closer = event.target.closest("[data-dialog-close]")
  if (opener) openDialog(event, document.getElementById(opener.dataset.dialogOpen))
  else if (closer) closeDialog(event, closer.closest("dialog"))
  else if (event.target.matches("dialog[data-dialog]") && outside(event)) event.target.close()
})

document.addEventListener("htmx:afterSwap", (event) => {
  const dialog = event.detail.target // none on the way back in history
  if (!dialog?.matches("dialog[data-dialog]")) return
  if (!dialog.childElementCount) dialog.close()
  else if (!dialog.open) dialog.showModal()
  label(dialog)
})

function openDialog(event, dialog) {
  if (!dialog || dialog.open) return
  event.preventDefault()
  event.target.closest("details[data-menu]")?.removeAttribute("open")
  dialog.showModal()
}

function closeDialog(event, dialog) {
  if (!dialog) return
  event.preventDefault()
  dialog.close()
}

function outside(event) {
  const box = event.target.getBoundingClientRect()
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom
}

function label(dialog) {
  const title = dialog.querySelector("h1, h2")
  if (title) dialog.setAttribute("aria-label", title.textContent.trim())
}
