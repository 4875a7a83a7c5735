// Good news leaves by itself, unless one is reading it; bad news stays until it is closed.
const STAY = 7000 // milliseconds
const LEAVING = ["positive", "info"]

document.addEventListener("click", (event) =>
  event.target.closest("[data-toast-close]")?.closest("[data-toast]").remove())

new MutationObserver(wait).observe(document.getElementById("toasts"), { childList: true, subtree: true })
wait()

function wait() {
  for (const toast of document.querySelectorAll("[data-toast]:not([data-waiting])")) {
    toast.dataset.waiting = ""
    if (LEAVING.includes(toast.dataset.toast)) setTimeout(leave, STAY, toast)
  }
}

function leave(toast) {
  if (toast.matches(":hover, :focus-within")) setTimeout(leave, STAY, toast)
  else toast.remove()
}
