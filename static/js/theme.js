// Light or dark as this browser's person chose, else as their system says. A classic script in the head, so that
// no page flashes in the other theme before it is read.
const root = document.documentElement;

function apply(theme) {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
}

function remembered() {
  try {
    return localStorage.getItem("theme") ?? "";
  } catch {
    return ""; // storage is switched off
  }
}

function remember(theme) {
  try {
    if (theme) localStorage.setItem("theme", theme);
    else localStorage.removeItem("theme");
  } catch {
    // storage is switched off: the choice lasts for this page
  }
}

function show(theme) {
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
  }
}

apply(remembered());
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-themes]").forEach((group) => (group.hidden = false));
  show(remembered());
});
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-theme-choice]");
  if (!button) return;
  apply(button.dataset.themeChoice);
  remember(button.dataset.themeChoice);
  show(button.dataset.themeChoice);
});
