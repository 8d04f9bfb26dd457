// A form with faults comes back as 422, one sent too often as 429, complaints in place: show it like any answer.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status === 422 || detail.xhr.status === 429) {
    detail.shouldSwap = true;
    detail.isError = false;
  }
});
// What a live region says already is not said again.
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  const { target, fragment } = detail;
  const said = fragment.firstElementChild?.id === target.id ? fragment.firstElementChild : fragment;
  if (target.closest("[role=status]") && said.innerHTML === target.innerHTML) detail.shouldSwap = false;
});
