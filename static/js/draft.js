// What is typed in a form, kept for this tab until it is saved: an expired session, an error or a wrong click
// loses nothing. Another person who signs in here has another `data-draft`.
const NOT_TYPED = new Set(["csrfmiddlewaretoken", "began_from", "nonce", "composed", "format"]);

export function typedIn(form) {
  const typed = {};
  for (const [name, value] of new FormData(form)) {
    const { type } = form.elements[name];
    if (NOT_TYPED.has(name) || type === "hidden" || type === "password" || typeof value !== "string") continue;
    typed[name] = [...(typed[name] ?? []), value.replaceAll("\r\n", "\n")];
  }
  return typed;
}

export function fill(form, name, values) {
  for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]:not([type=hidden], [type=file], button)`)) {
    if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
    else if (values.length) field.value = values[0];
  }
}

export function fillAll(form, typed) {
  const names = new Set([...form.elements].map(({ name }) => name).filter(Boolean));
  for (const name of names) if (!NOT_TYPED.has(name)) fill(form, name, typed[name] ?? []);
}

export function keep(form, more = {}) {
  remember(form, { typed: typedIn(form), beganFrom: form.elements.began_from?.value, ...more });
}

export function kept(form) {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(form)));
  } catch {
    return null; // storage is switched off
  }
}

export function forget(form) {
  remember(form, null);
}

function remember(form, draft) {
  try {
    if (draft) sessionStorage.setItem(keyOf(form), JSON.stringify(draft));
    else sessionStorage.removeItem(keyOf(form));
  } catch {
    // storage is switched off or full: the words are in the page alone
  }
}

function keyOf(form) {
  return `draft ${form.dataset.draft}`;
}
