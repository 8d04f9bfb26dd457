// What is typed in a form, kept for this tab until it is saved: an expired session, an error or a wrong click
// loses nothing. No password and no file is kept. Another person who signs in here has another `data-draft`.
const BEGAN = ["began_from", "composed"];
const NOT_TYPED = new Set(["csrfmiddlewaretoken", "began_from", "nonce", "composed", "format"]);

export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

export function typedIn(form) {
  const typed = {};
  for (const [name, value] of new FormData(form)) {
    const { type } = form.elements[name];
    if (NOT_TYPED.has(name) || type === "hidden" || type === "password" || typeof value !== "string") continue;
    typed[name] = [...(typed[name] ?? []), value.replaceAll("\r\n", "\n")];
  }
  return typed;
}

// What the page came with, whatever was typed in it before this script was there.
export function served(form) {
  const copy = form.cloneNode(true);
  copy.reset();
  return typedIn(copy);
}

export function fill(form, name, values) {
  for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]:not([type=hidden], [type=file], button)`)) {
    if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
    else if (values.length) field.value = values[0];
  }
}

function fillAll(form, typed) {
  const names = new Set([...form.elements].map(({ name }) => name).filter(Boolean));
  for (const name of names) if (!NOT_TYPED.has(name)) fill(form, name, typed[name] ?? []);
}

export function keep(form, more = {}) {
  remember(form, { ...draftOf(form), ...more });
}

// With what the page began from, so that the server can tell what was changed since.
export function draftOf(form) {
  const began = Object.fromEntries(BEGAN.map((name) => [name, form.elements[name]?.value]));
  return { typed: typedIn(form), began };
}

export function restore(form, { typed, began }) {
  for (const name of BEGAN) if (began[name] !== undefined && form.elements[name]) form.elements[name].value = began[name];
  fillAll(form, typed);
}

// Only what nobody else changed since comes back: that is for the person to decide. Returns the rest, by name.
export function restoreUncontested(form, { typed, began, aside }) {
  const [then, now, onPage] = [values(began.began_from), values(form.elements.began_from.value), typedIn(form)];
  const contested = {};
  for (const name of Object.keys(now)) {
    const mine = aside?.[name] ?? typed[name] ?? [];
    if (same(mine, onPage[name] ?? [])) continue;
    if (aside?.[name]) contested[name] = mine;
    else if (!says(typed[name], then[name]) && same(then[name], now[name])) fill(form, name, mine);
    else if (!says(typed[name], then[name])) contested[name] = mine;
  }
  return contested;
}

const values = (json) => JSON.parse(json || "{}");

// Whether what a form sends for a field is what the server has there.
function says(typed, value) {
  if (typeof value === "boolean") return Boolean(typed?.length) === value;
  if (typeof value === "number") return Number(typed?.[0]) === value;
  return (typed?.[0] ?? "") === (value ?? "");
}

// What was sent went through, if this page is the answer to it, which has the form's page for its referrer: an
// address typed over an error page has none. Else it waits to be sent again.
export function settle(isTaken) {
  try {
    for (const key of Object.keys(sessionStorage).filter((name) => name.startsWith("draft "))) {
      const draft = JSON.parse(sessionStorage.getItem(key));
      if (!draft.sentFrom) continue;
      if (isTaken && draft.sentFrom === document.referrer) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, JSON.stringify({ ...draft, sentFrom: "" }));
    }
  } catch {
    // storage is switched off: there are no drafts
  }
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
