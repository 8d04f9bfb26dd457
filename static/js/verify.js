// A file that was chosen or dropped is looked at right away. Without this the button does it.
const form = document.querySelector("[data-verify]");
const input = form.querySelector("input[type=file]");
const field = input.closest(".field");
const button = form.querySelector("button");

function send() {
  const file = input.files[0];
  const isTooLarge = file && file.size > Number(input.dataset.largest);
  input.setCustomValidity(isTooLarge ? "This file is larger than 32 MB. Choose a smaller one." : "");
  if (file) form.requestSubmit();
}

input.addEventListener("change", send);
form.addEventListener("submit", (event) => {
  if (button.ariaDisabled === "true") return event.preventDefault();
  button.ariaDisabled = "true";
  button.textContent = button.dataset.busy;
});
// Back from the answer, by the browser's own button.
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

// The whole sheet takes what is dropped, not the small control alone.
for (const name of ["dragenter", "dragover"]) {
  field.addEventListener(name, (event) => {
    event.preventDefault();
    field.toggleAttribute("data-over", true);
  });
}
for (const name of ["dragleave", "drop"]) field.addEventListener(name, () => field.removeAttribute("data-over"));
field.addEventListener("drop", (event) => {
  event.preventDefault();
  if (!event.dataTransfer.files.length) return;
  input.files = event.dataTransfer.files;
  send();
});

document.querySelector("[data-verdict]")?.focus({ preventScroll: true });
