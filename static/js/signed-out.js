// A sign-in that has ended sends an open page away to sign in. One on which something is typed or chosen stays, and
// says so instead: the [data-signed-out] template holds the words.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const away = event.detail.xhr.getResponseHeader("HX-Redirect")
  const template = document.querySelector("template[data-signed-out]")
  if (!away || !isSignIn(away, template) || !isTyped()) return
  event.preventDefault()
  const toasts = document.getElementById("toasts")
  if (!toasts.querySelector("[data-signed-out]")) show(template, toasts)
})

function isSignIn(address, template) {
  return address.startsWith(template.content.querySelector("a").getAttribute("href"))
}

function isTyped() {
  const texts = [...document.querySelectorAll("main textarea, main input")]
  const choices = [...document.querySelectorAll("main select")]
  return texts.some((each) => each.value !== each.defaultValue) || choices.some(isChosen)
}

function isChosen(select) {
  const options = [...select.options]
  const first = options.find((each) => each.defaultSelected) ?? options[0]
  return Boolean(first) && !first.selected
}

function show(template, toasts) {
  const toast = template.content.firstElementChild.cloneNode(true)
  toast.dataset.signedOut = ""
  toasts.append(toast)
}
