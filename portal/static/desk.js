// One key for each step at the window. Nothing happens while somebody types, and every step has a button of its own.
// Whoever has switched the keys off gets a page without "data-key", so that there is nothing to press.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
  if (event.target.isContentEditable || event.target.closest("input, textarea, select")) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!target) return;
  event.preventDefault();
  target.click();
  target.closest("details")?.querySelector("input:not([type=hidden]), textarea, select")?.focus();
});
