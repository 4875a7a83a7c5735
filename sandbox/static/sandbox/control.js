// Keeps the traffic fresh while the page is looked at. Without this script a reload does the same.
const REFRESH_MS = 2000;

async function refresh() {
  const traffic = document.getElementById("traffic");
  if (!document.hidden && !traffic.contains(document.activeElement)) {
    const answer = await fetch(traffic.dataset.refresh);
    if (answer.ok) traffic.outerHTML = await answer.text();
  }
}

setInterval(() => refresh().catch(() => {}), REFRESH_MS);
