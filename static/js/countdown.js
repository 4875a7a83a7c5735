// [data-until="2026-11-30T12:00:00Z"] says how long it is until then, and goes on saying it; when it is over, that goes
// out as "composer-due", and the reply box looks again.
const EVERY = 15000 // milliseconds
const MINUTE = 60000

setInterval(sayAll, EVERY)
document.addEventListener("htmx:afterSettle", sayAll)

function sayAll() {
  for (const place of document.querySelectorAll("[data-until]")) say(place)
}

function say(place) {
  const left = new Date(place.dataset.until) - Date.now()
  if (left > 0) place.textContent = words(Math.floor(left / MINUTE))
  else place.dispatchEvent(new CustomEvent("composer-due", { bubbles: true }))
}

function words(minutes) {
  const hours = Math.floor(minutes / 60)
  if (!minutes) return "less than a minute"
  const parts = [many(hours, "hour"), many(minutes % 60, "minute")]
  return parts.filter(Boolean).join(", ")
}

function many(number, unit) {
  return number ? `${number} ${unit}${number === 1 ? "" : "s"}` : ""
}
