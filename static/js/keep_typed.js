// What is typed in a form with `data-draft` is kept for this tab until it was sent and taken: through an expired
// session, an error page and Back. It was taken where a new page came that is no error, shows no mistake in a form
// and does not say `data-not-taken`.
import { draftOf, forget, keep, kept, restore, same, settle, typedIn } from "./draft.js";

const FORMS = "form[data-draft]:not([data-autosave])";
const keepOf = ({ target, type }) => {
  const form = target.closest?.(FORMS);
  if (form) keep(form, { sentFrom: type === "submit" ? location.href.split("#")[0] : "" });
};

const [visit] = performance.getEntriesByType("navigation");
const isAnswer = visit?.type === "navigate" && !(visit.responseStatus >= 400); // no Back, no loading again
settle(isAnswer && !document.querySelector("[data-not-taken], [aria-invalid=true], .errorlist"));
addEventListener("pageshow", ({ persisted }) => persisted && settle(false)); // back from an error page
for (const form of document.querySelectorAll(FORMS)) {
  const draft = kept(form);
  if (!draft || same(draft.typed, typedIn(form))) continue;
  const before = draftOf(form);
  restore(form, draft);
  form.closest("details")?.setAttribute("open", "");
  tell(form, before);
}
addEventListener("DOMContentLoaded", () => {
  for (const { parentElement } of document.querySelectorAll(".restored")) show(parentElement);
});

// What is back in the form is not in force yet, and can be thrown away.
function tell(form, before) {
  const told = document.getElementById("restored").content.firstElementChild.cloneNode(true);
  told.querySelector("button").addEventListener("click", () => {
    restore(form, before);
    told.remove();
    show(form);
    forget(form);
  });
  form.prepend(told);
}

// The previews follow.
function show(form) {
  form.querySelector("input:not([type=hidden]), textarea")?.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const type of ["input", "change", "submit"]) document.addEventListener(type, keepOf);
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const { elt } = detail.requestConfig ?? {}; // out of the page by now, where the answer takes its place
  const { status } = detail.xhr ?? {};
  if (elt?.matches?.(FORMS)) (status >= 200 && status < 400 ? forget : keep)(elt);
});
