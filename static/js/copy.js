// A button that copies the field it names, where the browser allows that; the field is there to copy by hand.
const SAID_FOR = 2000; // ms

function offer(within) {
  if (!navigator.clipboard) return;
  within.querySelectorAll("[data-copy]").forEach((button) => (button.hidden = false));
}

document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copy]");
  if (!button) return;
  const field = document.querySelector(button.dataset.copy);
  await navigator.clipboard.writeText(field.value);
  const words = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = words), SAID_FOR);
});
document.addEventListener("htmx:afterSettle", ({ target }) => offer(target));
offer(document);
