// Light, dark or as the machine is. A blocking script and no module, so that no page flashes the wrong theme (FOUC).
(() => {
  const root = document.documentElement
  const chosen = () => localStorage.getItem("theme") ?? "auto"

  function show() {
    const theme = chosen()
    if (theme === "auto") delete root.dataset.theme
    else root.dataset.theme = theme
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme))
    }
  }

  show()
  document.addEventListener("DOMContentLoaded", show)
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]")
    if (!button) return
    localStorage.setItem("theme", button.dataset.themeChoice)
    show()
  })
})()
