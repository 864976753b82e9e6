// Filing without a line: a copy of the form that opens offline, and filled forms that wait to be sent.
// See docs/offline.md. Where the browser keeps no workers nothing here begins, and forms are sent as ever.
(() => {
"use strict";
const { reader, offlineForm, announce, clock, read, write, drop, keysOf, keyOf, takeNote, copied, restore, sent } = globalThis.portal;
const page = document.documentElement;
const HOUR = 3600e3;
const box = document.querySelector("[data-waiting-forms]");
if (!box || !reader || !navigator.serviceWorker || !globalThis.caches) return;
const form = document.querySelector("form[data-offline]");
const copy = document.querySelector("form[data-offline-copy]");

// Forms that wait. The key carries the reader, as the keys of drafts do.
const mine = `portal-waiting:${reader}:`;
const waiting = () => keysOf(mine).map((key) => [key, read(key)]).filter(([, kept]) => kept).sort(([, one], [, other]) => one.at - other.at);
const done = new Map();
const text = (name) => box.dataset[`text${name}`];

function row(kept, state, message = "", url = "") {
  const line = box.querySelector("template").content.cloneNode(true).firstElementChild;
  const title = line.querySelector("[data-title]");
  if (url) title.replaceChildren(Object.assign(document.createElement("a"), { href: url, textContent: kept.title }));
  else title.textContent = kept.title;
  const badge = line.querySelector("[data-state]");
  badge.textContent = text(state);
  badge.dataset.state = state.toLowerCase();
  line.querySelector("[data-message]").textContent = message;
  return line;
}
function show(state = "Waiting") {
  const rows = [...done.values()].map((each) => row(each, "Sent", each.message, each.url));
  for (const [key, kept] of waiting()) {
    const line = row(kept, kept.refusal ? "Waiting" : state, kept.refusal || (kept.hasFiles ? text("NoFiles") : ""));
    if (kept.refusal) {
      line.querySelector("[data-state]").remove();
      for (const button of line.querySelectorAll("button")) { button.hidden = false; button.value = key; }
    }
    rows.push(line);
  }
  box.querySelector("ul").replaceChildren(...rows);
  box.hidden = !rows.length;
}
function tell(name) {
  box.querySelector("[data-waiting-state]").textContent = name ? text(name) : "";
  box.querySelector("[data-waiting-sign-in]").hidden = name !== "SignIn";
}
box.addEventListener("click", ({ target }) => {
  const { value: key } = target;
  if (target.matches("[data-remove]")) drop(key);
  else if (target.matches("[data-reopen]")) {
    const kept = read(key), draft = `portal-draft:${reader}:${kept.form}`;
    if (read(draft) && !read(draft).isSaved) return announce(text("Occupied"));
    write(draft, { at: Date.now(), pairs: kept.pairs }); // of no version: what changed meanwhile was told
    drop(key);
    return location.assign(kept.page);
  }
  show();
});

// Sending. The server takes each key once, so sending again is harmless.
const ask = (options, address = box.dataset.sending) => fetch(address, { redirect: "manual", cache: "no-store", ...options });
let isBusy = false, pause = 0, timer;

async function reach() {
  if (isBusy || (!waiting().length && !copy)) return;
  isBusy = true;
  clearTimeout(timer);
  try {
    const answer = await ask();
    if (answer.type === "opaqueredirect") return tell("SignIn");
    if (!answer.ok) throw new Error(answer.status);
    const who = await answer.json();
    if (who.reader !== reader) return tell("OtherReader");
    tell();
    pause = 0;
    if (copy) document.querySelector("[data-line-back]").hidden = false;
    for (const [key, kept] of waiting()) if (!kept.refusal) await send(key, kept, who.token);
  } catch {
    tell(navigator.onLine ? "NotNow" : "Kept");
    pause = Math.min((pause || 1000) * 2, 60000);
    timer = setTimeout(reach, pause);
  } finally {
    isBusy = false;
    show();
  }
}
async function send(key, kept, token) {
  show("Sending");
  const body = new FormData();
  for (const [name, value] of kept.pairs) body.append(name, value);
  const rest = { [kept.button.name]: kept.button.value, submission_key: kept.key, typed_by: reader, version: kept.version };
  for (const [name, value] of Object.entries(rest)) if (value) body.set(name, value);
  const answer = await ask({ method: "POST", body, headers: { "X-CSRFToken": token } }, kept.sending);
  if (![200, 400, 404, 409, 422].includes(answer.status)) throw new Error(answer.status);
  const told = answer.status === 404 ? { message: text("Closed") } : await answer.json();
  if (read(key)?.at !== kept.at) return; // filled once more meanwhile: that waits now
  if (!answer.ok) {
    write(key, { ...kept, refusal: told.message });
    return announce(`${kept.title}: ${told.message}`);
  }
  drop(key);
  const message = [told.message, kept.hasFiles ? text("NoFiles") : ""].join(" ").trim();
  done.set(key, { title: kept.title, url: told.url, message });
}
addEventListener("online", reach);
addEventListener("offline", () => {
  if (waiting().length) tell("Kept");
  if (copy) document.querySelector("[data-line-back]").hidden = true;
});
addEventListener("storage", () => show());

// A person who signs out leaves nothing behind, and is told once what that is.
let isWarned = false;
document.addEventListener("submit", (event) => {
  if (!("signOut" in event.target.dataset) || isWarned || !waiting().length) return;
  event.preventDefault();
  event.stopPropagation();
  isWarned = true;
  announce(text("Leaving"));
}, { capture: true });

// Filing without a line
// There is one report of a unit for a period, so a form without a key of its own waits once, as it was filled last.
function fileLater(from, page, { name, value }) {
  const { draftKey: form, sending, title } = from.dataset;
  const own = from.elements.submission_key?.value;
  const hasFiles = [...from.querySelectorAll("input[type=file]")].some((input) => input.files.length);
  const kept = {
    ...copied(from), form, page, sending, title: title || from.elements.title.value.trim(),
    key: own || crypto.randomUUID(), button: { name, value }, hasFiles,
  };
  if (!write(mine + (own || form), kept)) return announce(text("Full"));
  takeNote("portal-sent");
  drop(keyOf(from));
  return true;
}

if (form) {
  const { draftKey, form: address } = form.dataset;
  navigator.serviceWorker.register(form.dataset.worker, { scope: address })
    .then(keepForm).then(() => navigator.serviceWorker.ready)
    .then(() => { document.querySelector("[data-opens-offline]").hidden = !read(offlineForm + draftKey); }).catch(() => {});
  form.addEventListener("submit", (event) => {
    const { submitter } = event;
    if (navigator.onLine || !navigator.serviceWorker.controller || !submitter?.matches("[data-waits]")) return;
    event.preventDefault();
    if (!form.reportValidity() || !fileLater(form, address, submitter)) return;
    form.dataset.isSubmitted = "yes"; // nothing is kept of it any more
    location.assign(address);
  });
}
async function keepForm() {
  const name = form.dataset.draftKey, kept = `portal-form:${name}`;
  const look = [page.lang, page.dataset.text, page.dataset.contrast, form.elements.version?.value].join(" ");
  const known = read(offlineForm + name);
  if (known?.reader === reader && known.look === look && Date.now() - known.at < HOUR && await caches.has(kept)) return;
  const answer = await fetch(form.dataset.offline, { redirect: "manual", cache: "no-store" });
  if (!answer.ok) return;
  const shown = new DOMParser().parseFromString(await answer.clone().text(), "text/html");
  const parts = [...shown.querySelectorAll("link[href], script[src], img[src]")].map((part) => part.getAttribute("href") || part.getAttribute("src"));
  await caches.delete(kept);
  const store = await caches.open(kept);
  await store.addAll([...new Set(parts)]);
  await store.put(form.dataset.offline, answer);
  write(offlineForm + name, { reader, look, at: Date.now() });
}

if (copy) {
  const key = keyOf(copy);
  const state = copy.querySelector("[data-save-state]");
  const say = (name) => {
    state.dataset.state = name;
    state.textContent = state.getAttribute(`data-text-${name}`).replace("{time}", clock(new Date(), { timeStyle: "short" }));
  };
  let resting;
  const keep = () => say(write(key, copied(copy)) ? "saved" : "unsaved");
  const changed = () => { say("unsaved"); clearTimeout(resting); resting = setTimeout(keep, 400); };
  const typed = read(key) || read(mine + copy.dataset.draftKey);
  if (copy.elements.submission_key) copy.elements.submission_key.value = crypto.randomUUID();
  if (typed) restore(copy, typed);
  for (const button of copy.querySelectorAll("[data-show-parts]")) {
    const parts = [...copy.querySelectorAll(`[data-part-of="${button.dataset.showParts}"]`)];
    const fold = (isFolded) => { button.hidden = !isFolded; for (const part of parts) part.hidden = isFolded; };
    fold(!parts.some((part) => [...part.querySelectorAll("input")].some((input) => input.value)));
    button.addEventListener("click", () => { fold(false); parts[0].querySelector("input").focus(); });
  }
  document.querySelector("[data-not-sent]").hidden = sent !== key;
  for (const kind of ["input", "change", "portal:rows"]) copy.addEventListener(kind, changed);
  addEventListener("pagehide", () => state.dataset.state === "unsaved" && keep());
  copy.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(resting);
    const address = copy.getAttribute("action");
    if (!event.submitter || !fileLater(copy, address, event.submitter)) return;
    say("offline");
    location.assign(address);
  });
}
show();
reach();
})();
