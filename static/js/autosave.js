// Saves a form while one types: a moment after the last key, when a field or the page is left, and again until
// the server has it. One save at a time; what is typed meanwhile goes with the next.
import { hush, say } from "./connection.js";
import { fill, forget, keep, kept, restore, typedIn } from "./draft.js";

const PAUSE = 700, LONGEST = 4000, FIRST_RETRY = 2000, LAST_RETRY = 30_000; // ms
const form = document.querySelector("[data-autosave]");
let saved = typedIn(form);
let timer, typingSince, sending, isLeaving = false, retry = FIRST_RETRY, isFailing = false;

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const isDirty = () => !same(typedIn(form), saved);
const isRefused = () => Boolean(form.querySelector("[data-refused]"));
const tell = (words) => (form.querySelector("[data-saved]").textContent = words);

function noticed({ target }) {
  if (!isDirty()) return;
  keep(form);
  tell(isFailing ? "Not saved yet" : "Saving …");
  if (target.inputMode === "url") return; // half a link is a mistake until the field is left
  typingSince ??= Date.now();
  schedule(Math.min(PAUSE, typingSince + LONGEST - Date.now()));
}

function schedule(wait) {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

async function save() {
  clearTimeout(timer);
  if (sending) return sending;
  if (!isDirty()) return true;
  typingSince = undefined;
  sending = send();
  const isSaved = await sending;
  sending = undefined;
  if (isSaved && isDirty()) schedule(PAUSE);
  return isSaved;
}

async function send() {
  const typed = typedIn(form);
  const body = new FormData(form);
  // Whoever signed in again in another window has another token since.
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  if (token) body.set("csrfmiddlewaretoken", token);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" }, keepalive: true });
    if (!answer.ok && answer.status !== 422) return failed(reasonOf(answer.status));
    take(await answer.text(), typed);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return failed("away");
  }
  return true;
}

function reasonOf(status) {
  if (status === 401) return "signed-out";
  return status >= 500 || status === 429 ? "away" : "refused";
}

function failed(why) {
  isFailing = true;
  say(why);
  tell("Not saved yet");
  keep(form);
  if (why !== "refused") schedule(retry);
  retry = Math.min(2 * retry, LAST_RETRY);
  return false;
}

// Each part of the answer takes the place of its like. What others changed goes into the fields that nobody
// has typed in since.
function take(html, typed) {
  isFailing = false;
  retry = FIRST_RETRY;
  hush();
  const focused = document.activeElement?.id;
  const parts = [...new DOMParser().parseFromString(html, "text/html").body.children];
  for (const part of parts) document.getElementById(part.id)?.replaceWith(part);
  if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus();
  saved = typed;
  const now = JSON.parse(form.elements.began_from.value);
  for (const part of parts) part.querySelectorAll("[data-taken]:not([hidden])").forEach((told) => takeOver(told, now));
  if (isDirty() || isRefused()) keep(form);
  else forget(form);
  if (isDirty()) tell("Saving …");
}

function takeOver(told, now) {
  const name = told.dataset.taken;
  if (same(typedIn(form)[name], saved[name])) {
    fill(form, name, [now[name] === true ? "on" : String(now[name])]);
    saved = { ...saved, [name]: typedIn(form)[name] };
    form.querySelector("[hx-trigger^=input]").dispatchEvent(new Event("input", { bubbles: true }));
  } else {
    told.hidden = true;
    told.nextElementSibling.hidden = false;
  }
}

async function settled() {
  while (isDirty() || sending) if (!(await save())) return false;
  return true;
}

// Undo, another format, a file to take away: first what was typed, then that.
async function held(event) {
  const { target, submitter } = event;
  const isEnter = target === form && !submitter?.name;
  if (!isEnter && !isDirty() && !sending) {
    isLeaving = true;
    return;
  }
  event.preventDefault();
  if (!(await settled()) || isEnter) return;
  const isReplaced = submitter && !submitter.isConnected; // by the answer
  target.requestSubmit(isReplaced ? document.getElementById(submitter.id) : submitter);
}

function goOn() {
  const draft = kept(form);
  if (!draft) return;
  restore(form, draft);
  if (isDirty()) save();
  else forget(form);
}

form.addEventListener("input", noticed);
form.addEventListener("change", save);
document.addEventListener("submit", held, true);
document.addEventListener("click", ({ target }) => target.closest?.("#connection a") && (isLeaving = true));
document.addEventListener("visibilitychange", save);
addEventListener("online", save);
addEventListener("pagehide", () => isDirty() && send());
addEventListener("beforeunload", (event) => (isFailing || isRefused()) && !isLeaving && event.preventDefault());
goOn();
