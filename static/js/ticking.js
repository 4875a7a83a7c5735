// What the times in a [data-zone] say goes on while the page is open: "2 min ago" becomes "3 min ago". Each is a
// <time>, said in that zone.
import { exact, near } from "./near.js"

const EVERY = 20000 // milliseconds

setInterval(() => {
  for (const part of document.querySelectorAll("[data-zone]")) sayTimes(part, part.dataset.zone)
}, EVERY)

export function sayTimes(part, timeZone) {
  for (const each of part.querySelectorAll("time")) {
    const at = new Date(each.dateTime)
    const words = near(at, timeZone)
    if (each.textContent !== words) each.textContent = words
    each.title = exact(at, timeZone)
  }
}
