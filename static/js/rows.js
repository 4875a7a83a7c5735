// [data-rows] holds rows of a form. One more is copied from its <template>, one less is taken away, and nothing is
// loaded. Without this, the same buttons bring the form back with a row more or less.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-row-add], [data-row-remove]")
  if (!button) return
  event.preventDefault()
  const row = button.closest("[data-row]")
  if (row) remove(row)
  else add(button)
})

function add(button) {
  button.before(button.closest("[data-rows]").querySelector("template").content.cloneNode(true))
  const rows = button.closest("[data-rows]").querySelectorAll("[data-row]")
  rows[rows.length - 1].querySelector("input").focus()
}

// Focus goes to the row that stands there now, or to the button that adds one.
function remove(row) {
  const next = row.nextElementSibling
  row.remove()
  const button = next.matches("[data-row-add]") ? next : next.querySelector("[data-row-remove]")
  button.focus()
}
