// Calls are spoken by the browser's own voice, Chinese first, then English, one after the other: the browser queues what
// it is given, so none overlaps. Browsers speak only after somebody has touched a button.
const button = document.querySelector("[data-sound]");
const spoken = new Set();
let isOn = false;
let isFirst = true;

function say(text, language) {
  const words = new SpeechSynthesisUtterance(text);
  words.lang = language;
  words.voice = speechSynthesis.getVoices().find((voice) => voice.lang.replace("_", "-") === language) ?? null;
  words.rate = 0.9;
  speechSynthesis.speak(words);
}

if (button && "speechSynthesis" in window) {
  button.hidden = false;
  button.addEventListener("click", () => {
    isOn = true;
    button.hidden = true;
    say(" ", "zh-CN");
  });
}

document.addEventListener("called", ({ detail }) => {
  for (const call of [...detail].reverse()) {
    if (spoken.has(call.key)) continue;
    spoken.add(call.key);
    if (isFirst || !isOn) continue;
    say(call.say_zh, "zh-CN");
    say(call.say_en, "en-GB");
  }
  isFirst = false;
});
