// After "Make pictures" the new frames are what one wants to see: on a phone they are far below the brief.
document.addEventListener("htmx:afterOnLoad", ({ detail }) => {
  if (detail.requestConfig?.elt.id !== "brief" || detail.xhr.status !== 200) return;
  const frame = document.querySelector("#frames > :first-child");
  const box = frame?.getBoundingClientRect();
  if (box && (box.top < 0 || box.bottom > innerHeight)) document.getElementById("gallery").scrollIntoView();
});
