// Which of the pairings the two families are, however they were chosen.
function mark() {
  const [heading, text] = ["heading_family", "text_family"].map((name) => document.querySelector(`[name=${name}]`).value);
  for (const pairing of document.querySelectorAll(".pairing")) {
    const { dataset } = pairing;
    pairing.setAttribute("aria-pressed", String(dataset.heading === heading && dataset.text === text));
  }
}

if (document.querySelector(".pairing")) {
  document.addEventListener("input", mark);
  document.addEventListener("htmx:afterSettle", mark);
}
