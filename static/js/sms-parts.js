// <textarea data-parts="id">: the element with that id says how many SMS the text takes, and what makes it dearer:
// in the GSM 03.38 alphabet 160 characters, or 153 in each part; else (UCS-2) 70, or 67.
const GSM = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
  "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
)
const EXTENDED = new Set("\f^{}\\[~]|€") // two places each

document.addEventListener("input", (event) => show(event.target))

function show(control) {
  const place = document.getElementById(control.dataset?.parts)
  if (!place) return
  const text = control.value
  place.textContent = text ? ` · ${words(text)}` : ""
}

function words(text) {
  const plain = [...text].every((each) => GSM.has(each) || EXTENDED.has(each))
  const sizes = [...text].map((each) => (plain ? (EXTENDED.has(each) ? 2 : 1) : each.length))
  const used = sizes.reduce((sum, size) => sum + size, 0)
  const count = used <= (plain ? 160 : 70) ? 1 : parts(sizes, plain ? 153 : 67)
  const why = plain ? "" : ", with special characters"
  return `${used} characters, ${count} SMS${why}`
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
