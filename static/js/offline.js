// Filing without a line: a copy of the empty form that opens offline, and filled forms that wait to be sent.
// See docs/offline.md. Where the browser keeps no workers nothing here begins, and forms are sent as ever.
(() => {
"use strict";
const { reader, offlineForm, announce, clock, read, write, drop, keysOf, keyOf, takeNote, copyOf, restore, sent } = globalThis.portal;
const page = document.documentElement;
const STORE = "activity-form", HOUR = 3600e3;
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
    const draft = `portal-draft:${reader}:activity:new`;
    if (read(draft) && !read(draft).isSaved) return announce(text("Occupied"));
    write(draft, { at: Date.now(), pairs: read(key).pairs });
    drop(key);
    return location.assign(box.dataset.form);
  }
  show();
});

// Sending. The server makes one activity of a key, so sending again is harmless.
const ask = (options) => fetch(box.dataset.sending, { redirect: "manual", cache: "no-store", ...options });
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
  for (const [name, value] of [...kept.pairs, ["state", kept.state], ["typed_by", reader]]) body.append(name, value);
  const answer = await ask({ method: "POST", body, headers: { "X-CSRFToken": token } });
  if (![200, 400, 409, 422].includes(answer.status)) throw new Error(answer.status);
  const told = await answer.json();
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
function fileLater(from, state) {
  const pairs = copyOf(from).filter(([name]) => name !== "state");
  const key = pairs.find(([name]) => name === "submission_key")?.[1] || crypto.randomUUID();
  const hasFiles = [...from.querySelectorAll("input[type=file]")].some((input) => input.files.length);
  const kept = { at: Date.now(), state, title: from.elements.title.value.trim(), pairs, hasFiles };
  if (!write(mine + key, kept)) return announce(text("Full"));
  takeNote("portal-sent");
  drop(keyOf(from));
  return true;
}

if (form) {
  navigator.serviceWorker.register(form.dataset.worker, { scope: box.dataset.form })
    .then(keepForm).then(() => navigator.serviceWorker.ready)
    .then(() => { document.querySelector("[data-opens-offline]").hidden = !read(offlineForm); }).catch(() => {});
  form.addEventListener("submit", (event) => {
    const { submitter } = event;
    if (navigator.onLine || !navigator.serviceWorker.controller || !/^(draft|submitted)$/.test(submitter?.value)) return;
    event.preventDefault();
    if (!form.reportValidity() || !fileLater(form, submitter.value)) return;
    form.dataset.isSubmitted = "yes"; // nothing is kept of it any more
    location.assign(box.dataset.form);
  });
}
async function keepForm() {
  const look = [page.lang, page.dataset.text, page.dataset.contrast].join(" ");
  const known = read(offlineForm);
  if (known?.reader === reader && known.look === look && Date.now() - known.at < HOUR && await caches.has(STORE)) return;
  const answer = await fetch(form.dataset.offline, { redirect: "manual", cache: "no-store" });
  if (!answer.ok) return;
  const shown = new DOMParser().parseFromString(await answer.clone().text(), "text/html");
  const parts = [...shown.querySelectorAll("link[href], script[src], img[src]")].map((part) => part.getAttribute("href") || part.getAttribute("src"));
  await caches.delete(STORE);
  const store = await caches.open(STORE);
  await store.addAll([...new Set(parts)]);
  await store.put(form.dataset.offline, answer);
  write(offlineForm, { reader, look, at: Date.now() });
}

if (copy) {
  const key = keyOf(copy);
  const state = copy.querySelector("[data-save-state]");
  const say = (name) => {
    state.dataset.state = name;
    state.textContent = state.getAttribute(`data-text-${name}`).replace("{time}", clock(new Date(), { timeStyle: "short" }));
  };
  const begin = () => { copy.elements.submission_key.value = crypto.randomUUID(); };
  let resting;
  const keep = () => say(write(key, { at: Date.now(), pairs: copyOf(copy) }) ? "saved" : "unsaved");
  const changed = () => { say("unsaved"); clearTimeout(resting); resting = setTimeout(keep, 400); };
  const typed = read(key);
  begin();
  if (typed) restore(copy, typed.pairs);
  document.querySelector("[data-not-sent]").hidden = sent !== key;
  for (const kind of ["input", "change", "portal:rows"]) copy.addEventListener(kind, changed);
  addEventListener("pagehide", () => state.dataset.state === "unsaved" && keep());
  copy.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(resting);
    if (!fileLater(copy, event.submitter?.value || "draft")) return;
    say("offline");
    location.assign(box.dataset.form);
  });
}
show();
reach();
})();
