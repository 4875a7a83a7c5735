// A moment in words, in a zone, as templates say it (accounts/templatetags/ui.py): near now as distance, yesterday,
// today and tomorrow by the clock, others by date; and exactly, for who points at it.
const MINUTE = 60000 // milliseconds
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const DAYS = { "-1": "yesterday", 0: "today", 1: "tomorrow" }
const PARTS = { weekday: "short", day: "numeric", month: "short", year: "numeric" }
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }

export function near(at, timeZone, now = new Date()) {
  const distance = Math.abs(at - now)
  if (distance < MINUTE) return at > now ? "in a moment" : "just now"
  if (distance >= 6 * HOUR) return byTheClock(partsOf(at, timeZone), partsOf(now, timeZone))
  const span = distance < HOUR ? `${Math.floor(distance / MINUTE)} min` : `${Math.floor(distance / HOUR)} h`
  return at > now ? `in ${span}` : `${span} ago`
}

export function clock(at, timeZone) {
  const { hour, minute } = partsOf(at, timeZone)
  return `${hour}:${minute}`
}

export function isSameDay(one, other, timeZone) {
  return dayOf(partsOf(one, timeZone)) === dayOf(partsOf(other, timeZone))
}

export function exact(at, timeZone) {
  const { weekday, day, month, year, hour, minute } = partsOf(at, timeZone)
  const place = timeZone.split("/").pop().replaceAll("_", " ")
  return `${weekday} ${day} ${month} ${year} ${hour}:${minute} ${place}`
}

function byTheClock(at, now) {
  const time = `${at.hour}:${at.minute}`
  const days = (dayOf(at) - dayOf(now)) / DAY
  if (days in DAYS) return `${DAYS[days]} ${time}`
  return `${at.weekday} ${at.day} ${at.month} ${at.year === now.year ? time : at.year}`
}

function dayOf({ day, month, year }) {
  return Date.parse(`${day} ${month} ${year} UTC`)
}

function partsOf(at, timeZone) {
  const parts = new Intl.DateTimeFormat("en-US", { ...PARTS, ...CLOCK, timeZone }).formatToParts(at)
  return Object.fromEntries(parts.map(({ type, value }) => [type, value]))
}
