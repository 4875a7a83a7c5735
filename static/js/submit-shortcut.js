// In a form with data-send, Ctrl-Enter or Cmd-Enter in a text area sends it.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return
  const form = event.target.closest("textarea")?.closest("form[data-send]")
  if (!form) return
  event.preventDefault()
  form.requestSubmit()
})
