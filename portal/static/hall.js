// Pages of a number work without this file: they load themselves anew. It keeps them up to date quietly, says aloud what
// has changed, and puts the code that a picture carried behind "#" where it is asked for; no server is told of it.
const code = /^#q=([A-Z0-9]{8})$/.exec(location.hash)?.[1];
if (code) history.replaceState(null, "", location.pathname + location.search);

function placeTheCode() {
  if (!code) return;
  const box = document.querySelector('input[name="code"]');
  if (box && !box.value) box.value = code;
  for (const way of document.querySelectorAll("a[data-with-code]")) way.hash = `q=${code}`;
}

const part = document.querySelector("[data-poll]");
const voice = document.querySelector("[data-announce]");
let tag = null;
let state = part?.querySelector("[data-state]")?.dataset.state;

function tellWhatChanged() {
  const now = part.querySelector("[data-state]");
  if (!now || now.dataset.state === state) return;
  state = now.dataset.state;
  document.title = (state === "called" ? "● " : "") + now.dataset.title;
  if (voice) voice.textContent = part.querySelector("[data-say]")?.textContent ?? "";
  if (state === "called" && navigator.vibrate) navigator.vibrate([400, 200, 400, 200, 400]);
}

async function askAgain() {
  try {
    const answer = await fetch(part.dataset.poll, { headers: tag ? { "If-None-Match": tag } : {} });
    if (answer.ok) {
      tag = answer.headers.get("ETag");
      part.innerHTML = await answer.text();
      placeTheCode();
      tellWhatChanged();
    }
  } catch {
    // Away for a moment: what is shown stays, and it is asked again.
  }
  setTimeout(askAgain, part.dataset.every * 1000);
}

placeTheCode();
if (part) setTimeout(askAgain, part.dataset.every * 1000);

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// At a kiosk: a page closes by itself, leaves no entry to go back to, and a browser that kept it whole shows nothing of it.
const after = document.querySelector("[data-return]");
if (after) {
  const close = () => location.replace(after.dataset.return);
  setTimeout(close, after.dataset.after * 1000);
  addEventListener("pagehide", () => document.querySelector(".portal-slip")?.remove());
  addEventListener("pageshow", (event) => event.persisted && close());
  for (const way of document.querySelectorAll("a[data-leave]")) {
    way.addEventListener("click", (event) => {
      event.preventDefault();
      close();
    });
  }
}
