// Keeps a phone's screen fresh and sends answers without a reload. Without this script the form still works.
const POLL_MS = 700;
const phone = document.querySelector("[data-bubbles]");
const form = document.getElementById("answer");
const screen = () => document.getElementById("screen");

const scrollDown = () => screen().scrollTo(0, screen().scrollHeight);

async function refresh() {
  const url = `${phone.dataset.bubbles}?marker=${screen().dataset.marker}`;
  const answer = await fetch(url);
  if (answer.status !== 200) return;
  screen().outerHTML = await answer.text();
  scrollDown();
}

async function poll() {
  if (!document.hidden) await refresh().catch(() => {});
  setTimeout(poll, POLL_MS);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const sent = await fetch(form.action, { method: "POST", body: new FormData(form, event.submitter) });
  if (!sent.ok) return form.text.focus();
  form.text.value = "";
  form.text.focus();
  await refresh();
});

form.text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

scrollDown();
poll();
