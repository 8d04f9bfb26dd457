// The prompt is composed while somebody types the brief: never under the hands of somebody who types in it.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { activeElement } = document;
  const isTyping = activeElement?.matches("textarea, input") && event.detail.target.contains(activeElement);
  if (isTyping) event.detail.shouldSwap = false;
});
