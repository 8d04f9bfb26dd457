// What is typed in a form with `data-draft` is kept for this tab until it was sent and taken: through an expired
// session, an error page and Back. A page that says `data-not-taken` comes in place of the answer to a form.
import { forget, keep, kept, restore, settle, typedIn } from "./draft.js";

const FORMS = "form[data-draft]:not([data-autosave])";
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const keepOf = ({ target, type }) => {
  const form = target.closest?.(FORMS);
  if (form) keep(form, { isSent: type === "submit" });
};

settle(!document.querySelector("[data-not-taken]"));
for (const form of document.querySelectorAll(FORMS)) {
  const draft = kept(form);
  if (!draft || same(draft.typed, typedIn(form))) continue;
  restore(form, draft);
  form.closest("details")?.setAttribute("open", "");
  form.querySelector("input:not([type=hidden]), textarea")?.dispatchEvent(new Event("input", { bubbles: true }));
}
for (const type of ["input", "change", "submit"]) document.addEventListener(type, keepOf);
document.addEventListener("htmx:afterRequest", ({ detail, target }) => {
  if (detail.requestConfig?.elt === target && target.matches?.(FORMS)) (detail.successful ? forget : keep)(target);
});
