// A reply says up to which message its writer had read when they began it (its hidden `seen`): what the page showed
// then, not what it showed when it was opened. What stands below the view is not read.
document.addEventListener("beforeinput", ({ target }) => {
  if (target.matches("#composer [name=content]") && !target.value) noteSeen(target.form.elements.seen)
})

function noteSeen(field) {
  const bottom = document.getElementById("conversation").getBoundingClientRect().bottom
  const shown = [...document.querySelectorAll("#latest .message[id^=message-]")].filter(
    (each) => each.getBoundingClientRect().top < bottom,
  )
  field.value = Math.max(Number(field.value), ...shown.map(({ id }) => Number(id.replace("message-", ""))))
}
