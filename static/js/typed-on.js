// What somebody types on in a form[data-send] after they have sent it, before the answer is there, is in the box of the
// form that comes in its place.
const sent = new WeakMap() // by form, what its box said
let more = null // what makes of the new box's words the ones that are typed

document.addEventListener("htmx:beforeRequest", ({ target, detail }) => {
  if (isSending(target, detail)) sent.set(target, boxOf(target).value)
})
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const form = detail.requestConfig.elt
  more = isSending(form, detail) && detail.shouldSwap ? typedOn(boxOf(form).value, sent.get(form)) : null
})
document.addEventListener("htmx:afterSwap", ({ target }) => {
  const box = more && boxOf(target)
  if (!box) return
  box.value = more(box.value)
  more = null
  box.dispatchEvent(new Event("input", { bubbles: true }))
})

function isSending(form, { requestConfig }) {
  return form.matches("form[data-send]") && requestConfig.verb === "post"
}

function boxOf(part) {
  return part.querySelector?.("textarea")
}

// The new box is empty, or, where it was not sent, says the same.
function typedOn(now, before) {
  if (now === before) return null
  return now.startsWith(before) ? (words) => words + now.slice(before.length).replace(/^\n+/, "") : () => now
}
