// In a [data-selection]: [data-select-row] boxes, one [data-select-all], [data-selection-count] that says how many,
// and [data-selection-clear]. Shift takes all rows between. A [data-select-matching] box, which says how many match
// on all pages, takes every row along; a row that is let go lets it go. Whether the bar shows is decided by the style
// sheet. Enter on a box does not press the bar's first button, which may not even show.
let last = null // the anchor of a shift-click

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-select-row]")
  if (row) chooseRow(row, event.shiftKey)
  const clear = event.target.closest("[data-selection-clear]")
  if (clear) chooseAll(clear.closest("[data-selection]"), false)
})

document.addEventListener("change", (event) => {
  const scope = event.target.closest("[data-selection]")
  if (!scope) return
  if (event.target.matches("[data-select-all], [data-select-matching]")) chooseAll(scope, event.target.checked)
  else show(scope)
})

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.closest("[data-select-row], [data-select-all]")) event.preventDefault()
})

document.addEventListener("htmx:afterSettle", showEvery)
window.addEventListener("pageshow", showEvery)

function chooseRow(row, withShift) {
  const scope = row.closest("[data-selection]")
  const rows = rowsOf(scope)
  if (withShift && rows.includes(last)) {
    const [from, to] = [rows.indexOf(last), rows.indexOf(row)].sort((a, b) => a - b)
    for (const each of rows.slice(from, to + 1)) each.checked = row.checked
  }
  last = row
  show(scope)
}

function chooseAll(scope, chosen) {
  for (const row of rowsOf(scope)) row.checked = chosen
  show(scope)
}

function showEvery() {
  for (const scope of document.querySelectorAll("[data-selection]")) show(scope)
}

function show(scope) {
  const rows = rowsOf(scope)
  const chosen = rows.filter((row) => row.checked).length
  const matching = scope.querySelector("[data-select-matching]")
  if (matching && chosen < rows.length) matching.checked = false
  const everybody = matching?.closest("label").querySelector("[data-count]")
  const count = matching?.checked ? `All ${everybody.textContent}` : chosen.toLocaleString("en")
  for (const place of scope.querySelectorAll("[data-selection-count]")) place.textContent = count
  for (const all of scope.querySelectorAll("[data-select-all]")) {
    all.checked = chosen > 0 && chosen === rows.length
    all.indeterminate = chosen > 0 && chosen < rows.length
  }
}

function rowsOf(scope) {
  return [...scope.querySelectorAll("[data-select-row]")]
}
