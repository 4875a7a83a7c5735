// A [data-drop] lies around a file input, which takes the drop itself; this names the file, says when it is over the
// data-max-bytes bytes that are taken, and shows where one may let go.
document.addEventListener("dragover", (event) => mark(event, true))
document.addEventListener("dragleave", (event) => mark(event, false))
document.addEventListener("drop", (event) => mark(event, false))

document.addEventListener("change", (event) => {
  const zone = event.target.closest("[data-drop]")
  if (!zone || event.target.type !== "file") return
  const { most, mostWords = "" } = event.target.dataset
  event.target.setCustomValidity([...event.target.files].some((file) => file.size > most) ? mostWords : "")
  event.target.reportValidity()
  const names = [...event.target.files].map((file) => `${file.name}, ${size(file.size)}`)
  const place = zone.querySelector("[data-drop-name]")
  place.dataset.empty ??= place.textContent
  place.textContent = names.join("; ") || place.dataset.empty
  zone.toggleAttribute("data-file", names.length > 0)
})

function mark(event, over) {
  event.target.closest?.("[data-drop]")?.toggleAttribute("data-over", over)
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} bytes`
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
