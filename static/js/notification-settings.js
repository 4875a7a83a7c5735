// [data-permission] says whether this browser shows desktop notifications, and asks it only when that is pressed.
import { chime } from "./chime.js"

const place = document.querySelector("[data-permission]")
const ask = place.querySelector("[data-permission-ask]")

ask.addEventListener("click", async () => {
  await Notification.requestPermission()
  show()
  place.focus()
})
place.querySelector("[data-sound-try]").addEventListener("click", chime)
show()

function show() {
  const state = "Notification" in window && isSecureContext ? Notification.permission : "none"
  ask.hidden = state !== "default"
  for (const words of place.querySelectorAll("[data-permission-is]")) {
    words.hidden = words.dataset.permissionIs !== state
  }
}
