// Menus and hanging panels are <details>: a click elsewhere, or Esc, closes them.
const HANGING = ".menu[open], .settings[open]";

document.addEventListener("click", ({ target }) => {
  for (const menu of document.querySelectorAll(HANGING)) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const menu of document.querySelectorAll(HANGING)) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
});
