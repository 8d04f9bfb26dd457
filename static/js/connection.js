// What the page says while nobody answers, or no longer to us. A poll goes on by itself while the server is
// away; once the session or the page is gone it stops.
const notice = document.getElementById("connection");

export function say(when) {
  const words = notice.querySelector(`template[data-when="${when}"]`);
  if (notice.dataset.when === when) return;
  hush();
  notice.dataset.when = when;
  notice.append(words.content.cloneNode(true));
}

export function hush() {
  delete notice.dataset.when;
  notice.querySelectorAll(":scope > :not(template)").forEach((element) => element.remove());
}

document.addEventListener("htmx:responseError", ({ detail }) => {
  const { status } = detail.xhr;
  if (status >= 500) return say("away");
  say(status === 401 ? "signed-out" : "refused");
  document.getElementById("gallery-poll")?.remove();
});
document.addEventListener("htmx:sendError", () => say("away"));
document.addEventListener("htmx:afterOnLoad", ({ detail }) => detail.successful && hush());
