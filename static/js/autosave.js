// Saves a form while one types: a moment after the last key, when a field or the page is left, and again until
// the server has it. One save at a time; what is typed meanwhile goes with the next.
import { hush, say } from "./connection.js";
import { fill, forget, keep, kept, restoreUncontested, same, served, typedIn } from "./draft.js";

const PAUSE = 700, LONGEST = 4000, FIRST_RETRY = 2000, LAST_RETRY = 30_000; // ms
const form = document.querySelector("[data-autosave]");
let saved = served(form);
let aside = {}; // what was typed before in fields that changed since, by name
let timer, typingSince, sending, onItsWay, released, isLeaving = false, retry = FIRST_RETRY, isFailing = false;

const isDirty = () => !same(typedIn(form), saved);
const isRefused = () => Boolean(form.querySelector("[data-refused]"));
const tell = (words) => (document.getElementById("saved-state").textContent = words);

function noticed({ target }) {
  if (!isDirty()) return;
  remember();
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

// keepalive: the page goes away, and nobody hears the answer. A browser sends no more than 64 KiB so.
async function send({ keepalive = false } = {}) {
  const typed = typedIn(form);
  const body = new FormData(form);
  // Whoever signed in again in another window has another token since.
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  if (keepalive) body.set("unheard", "1");
  if (token) body.set("csrfmiddlewaretoken", token);
  const sent = new AbortController(), { signal } = sent;
  if (!keepalive) onItsWay = sent;
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" }, keepalive, signal });
    if (!answer.ok && answer.status !== 422) return failed(reasonOf(answer.status));
    take(await answer.text(), typed);
  } catch (error) {
    if (signal.aborted) return false;
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
  remember();
  if (why !== "refused") schedule(retry);
  retry = Math.min(2 * retry, LAST_RETRY);
  return false;
}

// Each part of the answer becomes what its like on the page is, which stays: the focus with it, and whoever listens
// to a live region. What others changed goes into the fields that nobody has typed in since.
function take(html, typed) {
  isFailing = false;
  retry = FIRST_RETRY;
  hush();
  const focused = document.activeElement?.id;
  const answers = [...new DOMParser().parseFromString(html, "text/html").body.children];
  const parts = answers.map((answer) => [document.getElementById(answer.id), answer]).filter(([part]) => part);
  for (const [part, answer] of parts) become(part, answer);
  if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus();
  saved = typed;
  const now = JSON.parse(form.elements.began_from.value);
  for (const [part] of parts) part.querySelectorAll("[data-taken]:not([hidden])").forEach((told) => takeOver(told, now));
  remember();
  if (isDirty()) tell("Saving …");
}

function become(part, { attributes, innerHTML, childNodes }) {
  for (const { name } of [...part.attributes]) if (!attributes.getNamedItem(name)) part.removeAttribute(name);
  for (const { name, value } of attributes) if (part.getAttribute(name) !== value) part.setAttribute(name, value);
  if (part.innerHTML !== innerHTML) part.replaceChildren(...childNodes);
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

// Undo, another format, a file to take away: first what was typed, then that. What has nothing to do with this
// creative, such as signing out, goes on if that cannot be saved: it stays in the tab.
async function held(event) {
  const { target, submitter } = event;
  const isEnter = target === form && !submitter?.name;
  if (target === released || (!isEnter && !isDirty() && !sending)) {
    isLeaving = true;
    return;
  }
  event.preventDefault();
  const isOfIt = target.action.startsWith(new URL("..", form.action).href);
  if ((!(await settled()) && isOfIt) || isEnter) return;
  if (!isOfIt) released = target;
  const isReplaced = submitter && !submitter.isConnected; // by the answer
  target.requestSubmit(isReplaced ? document.getElementById(submitter.id) : submitter);
}

function remember() {
  if (isDirty() || isRefused() || Object.keys(aside).length) keep(form, { aside });
  else forget(form);
}

function goOn() {
  const draft = kept(form);
  if (!draft) return save();
  aside = restoreUncontested(form, draft);
  for (const [name, words] of Object.entries(aside)) offer(name, words[0] ?? "");
  remember();
  save();
}

// Theirs is in force: what was typed here before is shown at the field, to be put back or not.
function offer(name, words) {
  const offered = document.getElementById("set-aside").content.firstElementChild.cloneNode(true);
  const isText = form.querySelector(`[name="${name}"]`).matches("textarea, [type=text]");
  offered.querySelector("[data-words]").hidden = !isText || !words;
  offered.querySelector("bdi").textContent = words;
  offered.addEventListener("click", ({ target }) => {
    if (!target.matches("button")) return;
    if (target.matches("[data-put-back]")) fill(form, name, aside[name].length ? aside[name] : [""]);
    delete aside[name];
    offered.remove();
    remember();
    form.querySelector("[hx-trigger^=input]").dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.getElementById(`meanwhile-${name}`).after(offered);
}

let isGone = false;

form.addEventListener("input", noticed);
form.addEventListener("change", save);
document.addEventListener("submit", held, true);
document.addEventListener("click", ({ target }) => target.closest?.("#connection a") && (isLeaving = true));
document.addEventListener("visibilitychange", () => isGone || save());
addEventListener("online", save);
// The page is hidden next. What it sends from here on, or has sent and waits for, nobody would hear the answer to.
addEventListener("pagehide", () => {
  isGone = true;
  clearTimeout(timer);
  onItsWay?.abort();
  if (isDirty()) send({ keepalive: true });
});
addEventListener("pageshow", () => {
  isGone = false;
  save();
});
addEventListener("beforeunload", (event) => (isFailing || isRefused()) && !isLeaving && event.preventDefault());
goOn();
