// The screen in the hall: asks every few seconds; what is unchanged costs nothing, and when the server is away the last
// good state stays with its time.
const body = document.body;
const slots = [...document.querySelectorAll("[data-call]")];
const away = document.querySelector("[data-away]");
const nobody = slots[0].querySelector("[data-zh]").textContent;
const now = slots[0];
const nobodyInEnglish = slots[0].querySelector("[data-en]").textContent;
let tag = null;
let goodAt = new Date();

function set(place, name, text) {
  const spot = place.querySelector(`[data-${name}]`);
  if (spot && spot.textContent !== text) spot.textContent = text;
}

function show(state) {
  now.classList.toggle("board__now--empty", !state.calls.length);
  slots.forEach((slot, place) => {
    const call = state.calls[place];
    if (place) slot.hidden = !call;
    if (!call && place) return;
    set(slot, "number", call?.number ?? "—");
    set(slot, "zh", call?.zh ?? nobody);
    set(slot, "en", call?.en ?? nobodyInEnglish);
    set(slot, "at", call?.at ?? "");
  });
  set(document, "notice-zh", state.notice.zh);
  set(document, "notice-en", state.notice.en);
  document.dispatchEvent(new CustomEvent("called", { detail: state.calls }));
}

async function askAgain() {
  try {
    const answer = await fetch(body.dataset.from, { headers: tag ? { "If-None-Match": tag } : {} });
    if (!answer.ok && answer.status !== 304) throw new Error(answer.statusText);
    goodAt = new Date(answer.headers.get("Date") ?? Date.now());
    away.hidden = true;
    if (answer.ok) {
      tag = answer.headers.get("ETag");
      show(await answer.json());
    }
  } catch {
    away.querySelector("[data-away-at]").textContent = goodAt.toLocaleTimeString("zh-CN", { hour12: false });
    away.hidden = false;
  }
  setTimeout(askAgain, body.dataset.every * 1000);
}

askAgain();
