// <textarea data-counter="id" maxlength="1024">: the element with that id says how much of it is used.
document.addEventListener("input", (event) => show(event.target))
document.addEventListener("htmx:load", (event) => event.target.querySelectorAll("[data-counter]").forEach(show))
document.querySelectorAll("[data-counter]").forEach(show)

function show(control) {
  const place = document.getElementById(control.dataset?.counter)
  if (!place) return
  const used = [...control.value].length.toLocaleString("en")
  const most = control.maxLength > 0 ? ` of ${control.maxLength.toLocaleString("en")}` : ""
  place.textContent = `${used}${most} characters`
}
