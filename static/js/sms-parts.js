// <textarea data-parts="id" data-most="1000">: the element with that id says how many SMS the text takes, which
// characters make it dearer, and that it is longer than may be sent. In the GSM 03.38 alphabet an SMS has 160
// characters, or 153 in each part; else (UCS-2) 70, or 67.
const GSM = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
  "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
)
const EXTENDED = new Set("\f^{}\\[~]|€") // two places each

const NAMED = 5 // characters that make it dearer

document.addEventListener("input", (event) => show(event.target))
document.addEventListener("htmx:afterSettle", showAll)
showAll()

function showAll() {
  document.querySelectorAll("textarea[data-parts]").forEach(show)
}

function show(control) {
  const place = document.getElementById(control.dataset?.parts)
  if (!place) return
  const text = control.value
  place.textContent = text ? ` · ${words(text)}${excess(text, Number(control.dataset.most))}` : ""
}

function words(text) {
  const foreign = new Set([...text].filter((each) => !GSM.has(each) && !EXTENDED.has(each)))
  const plain = foreign.size === 0
  const sizes = [...text].map((each) => (plain ? (EXTENDED.has(each) ? 2 : 1) : each.length))
  const used = sizes.reduce((sum, size) => sum + size, 0)
  const count = used <= (plain ? 160 : 70) ? 1 : parts(sizes, plain ? 153 : 67)
  const length = `${used} ${used === 1 ? "character" : "characters"}`
  return `${length}, ${count} SMS${plain ? "" : `, longer because of ${named([...foreign])}`}`
}

function named(foreign) {
  const some = foreign.slice(0, NAMED).map((each) => `“${each}”`).join(" ")
  return foreign.length > NAMED ? `${some} and ${foreign.length - NAMED} more` : some
}

function excess(text, most) {
  const over = [...text].length - most
  return over > 0 ? ` · ${over} too many to send` : ""
}

// A character of two places is never split over two parts.
function parts(sizes, room) {
  let count = 1
  let used = 0
  for (const size of sizes) {
    if (used + size > room) [count, used] = [count + 1, 0]
    used += size
  }
  return count
}
