// [data-until="2026-11-30T12:00:00Z"] says how long it is until then, and goes on saying it; when it is over, that goes
// out as "composer-due", and the reply box looks again.
const EVERY = 15000 // milliseconds

setInterval(sayAll, EVERY)
document.addEventListener("htmx:afterSettle", sayAll)

function sayAll() {
  for (const place of document.querySelectorAll("[data-until]")) say(place)
}

function say(place) {
  const left = new Date(place.dataset.until) - Date.now()
  if (left > 0) place.textContent = words(Math.round(left / 1000))
  else place.dispatchEvent(new CustomEvent("composer-due", { bubbles: true }))
}

// As the server says it: 45 s, 12 min, 1 h 5 min, 23 h.
function words(seconds) {
  const minutes = Math.floor(seconds / 60)
  if (!minutes) return `${seconds} s`
  const hours = Math.floor(minutes / 60)
  if (hours >= 10) return `${hours} h`
  return [hours && `${hours} h`, minutes % 60 && `${minutes % 60} min`].filter(Boolean).join(" ")
}
