// [data-until="2026-11-30T12:00:00Z"] says how long it is until then, and goes on saying it; when it is over, that goes
// out now and then as "composer-due", and the conversation looks again, until the server says so, too.
const EVERY = 15000 // milliseconds

setInterval(() => {
  for (const place of sayAll()) place.dispatchEvent(new CustomEvent("composer-due", { bubbles: true }))
}, EVERY)
document.addEventListener("htmx:afterSettle", sayAll)

// Those that are over.
function sayAll() {
  return [...document.querySelectorAll("[data-until]")].filter((place) => !say(place))
}

function say(place) {
  const left = new Date(place.dataset.until) - Date.now()
  if (left > 0) place.textContent = words(Math.round(left / 1000))
  return left > 0
}

// As the server says it: 45 s, 12 min, 1 h 5 min, 23 h.
function words(seconds) {
  const minutes = Math.floor(seconds / 60)
  if (!minutes) return `${seconds} s`
  const hours = Math.floor(minutes / 60)
  if (hours >= 10) return `${hours} h`
  return [hours && `${hours} h`, minutes % 60 && `${minutes % 60} min`].filter(Boolean).join(" ")
}
