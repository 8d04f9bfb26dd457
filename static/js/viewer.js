// The viewer: a dialog over the campaign, or a page of its own. Arrow keys turn pages, Esc goes back.
const dialog = document.getElementById("viewer");

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target === dialog && !dialog.open) dialog.showModal();
});
dialog?.addEventListener("close", () => dialog.replaceChildren());

document.addEventListener("keydown", (event) => {
  const viewer = document.querySelector("[data-viewer]");
  const isTyping = event.target.closest("input, textarea, select");
  if (!viewer || isTyping || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = {
    ArrowLeft: () => viewer.querySelector("[rel=prev]"),
    ArrowRight: () => viewer.querySelector("[rel=next]"),
    Escape: () => !dialog && viewer.querySelector("[data-viewer-back]"),
  }[event.key]?.();
  if (!link) return;
  event.preventDefault();
  link.click();
});
