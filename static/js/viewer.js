// The viewer: a dialog over the campaign, or a page of its own. Arrow keys turn pages, Esc goes back, and so does
// the browser's Back: over a campaign the dialog is a step of the history, at the picture's own address.
const dialog = document.getElementById("viewer");
let closings = 0; // a picture that was asked for before the last of them comes too late

function step(address) {
  if (history.state?.isViewer) history.replaceState({ isViewer: true }, "", address);
  else history.pushState({ isViewer: true }, "", address);
}

function close() {
  closings += 1;
  dialog.close();
}

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target === dialog) detail.xhr.closings = closings;
});
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target === dialog && detail.xhr.closings !== closings) detail.shouldSwap = false;
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target !== dialog) return;
  step(detail.pathInfo.requestPath);
  if (!dialog.open) dialog.showModal();
});
dialog?.addEventListener("cancel", () => (closings += 1));
dialog?.addEventListener("close", () => {
  dialog.replaceChildren();
  if (history.state?.isViewer) history.back();
});
addEventListener("popstate", () => dialog?.open && !history.state?.isViewer && close());
dialog?.addEventListener("click", (event) => {
  if (!event.target.closest("[data-viewer-back]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  close();
});

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
