// What the stream of live.js says of our messages ("live-states") is shown where they stand ([data-state]), and nothing
// is asked for; but for one with buttons, or of which it does not say what became, the conversation looks again. A
// part that was asked for before shows it, too, when it comes.
const FURTHER = { waiting: ["sent", "delivered"], sent: ["delivered"], delivered: ["delivered"] }
const MANY = 200 // messages, of all threads: those that count are among the last
const inbox = document.querySelector("[data-live-rows]")
const heard = new Map() // by message, until the thread looks again

inbox?.addEventListener("live-states", ({ detail }) => {
  for (const [key, said] of Object.entries(detail.states)) heard.set(key, said)
  for (const key of [...heard.keys()].slice(0, -MANY)) heard.delete(key)
  if (!show()) htmx.trigger("#look", "states-changed")
})

inbox?.addEventListener("thread-changed", () => heard.clear())
document.addEventListener("htmx:afterSettle", show)

// False: some message could not be shown by what was said alone.
function show() {
  const shown = [...heard].map(([key, said]) => [document.getElementById(`message-${key}`), said])
  return shown.filter(([message]) => message).every(([message, said]) => showState(message, said))
}

function showState(message, said) {
  const place = message.querySelector("[data-state]")
  if (!place || !said || message.querySelector("form")) return false
  if (!FURTHER[place.dataset.state]?.includes(said.state)) return true
  place.dataset.state = said.state
  place.innerHTML = said.html
  return true
}
