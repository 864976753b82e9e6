// What the pages do better with script. Every page works without this file.
(() => {
"use strict";
const page = document.documentElement;
const reader = page.dataset.reader;
const live = document.getElementById("live");
const sayings = live?.dataset || {};
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (kind, work) => document.addEventListener(kind, work);
const isTick = (control) => /checkbox|radio/.test(control.type);
const safely = (work) => { try { return work(); } catch { return null; } };
const clock = (when, options) => new Intl.DateTimeFormat(page.lang, options).format(when);

function announce(text) {
  if (!live || !text) return;
  const line = document.createElement("p");
  line.textContent = text;
  live.replaceChildren(line);
  setTimeout(() => line.remove(), 12000);
}

// Local copies of drafts. The key carries the reader, so that nobody is offered another person's words.
const offlineForm = "portal-offline-form:"; // which copies of forms are kept; the name of the form follows
const keyOf = (form) => `portal-draft:${reader}:${form.dataset.draftKey}`;
const read = (key) => safely(() => JSON.parse(localStorage[key]));
const write = (key, value) => safely(() => { localStorage[key] = JSON.stringify(value); return true; });
const keysOf = (start) => safely(() => Object.keys(localStorage).filter((key) => key.startsWith(start))) || [];
const drop = (key) => safely(() => delete localStorage[key]);
const leaveNote = (name, value) => safely(() => { sessionStorage[name] = value; });
const takeNote = (name) => safely(() => {
  const value = sessionStorage[name];
  delete sessionStorage[name];
  return value;
});

function dropForm(name) {
  drop(offlineForm + name);
  globalThis.caches?.delete(`portal-form:${name}`);
}
function tidyCopies() {
  const isError = document.querySelector("meta[name=portal-page][content=error]");
  // A form was sent and another page of ours came back, or the same with a newer record: the server has it.
  const sent = !isError && takeNote("portal-sent");
  const isHere = (form) => keyOf(form) === sent && !(form.dataset.offline && !("refused" in form.dataset) && Number(read(sent)?.version) < Number(form.elements.version?.value));
  if (sent && reader && !all("form[data-draft-key]").some(isHere)) drop(sent);
  // What one person left goes when that person signs out, and when another one signs in.
  const leaver = takeNote("portal-leaving");
  const isLeft = (owner) => owner && (reader ? owner !== reader : owner === leaver);
  const isStale = (key) => !(Date.now() - read(key)?.at < 7 * 24 * 3600e3);
  for (const key of [...keysOf("portal-draft:"), ...keysOf("portal-waiting:")]) {
    if ((key.startsWith("portal-draft:") && isStale(key)) || isLeft(key.split(":")[1])) drop(key);
  }
  const closed = document.querySelector("[data-closed]")?.dataset.closed;
  for (const key of keysOf(offlineForm)) {
    const name = key.slice(offlineForm.length);
    if (isStale(key) || isLeft(read(key).reader) || name === closed) dropForm(name);
  }
  const isWaiting = keysOf("portal-waiting:").length > 0;
  all("[data-waiting-note]").forEach((note) => { note.hidden = !isWaiting; });
}

function fieldsOf(form) {
  const fields = new FormData(form);
  for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
  return fields;
}
function copyOf(form) {
  const skipped = new Set(["csrfmiddlewaretoken", "version"]);
  for (const control of form.elements) {
    if (control.type === "password" || control.closest("[data-no-draft]")) skipped.add(control.name);
  }
  return [...fieldsOf(form)].filter(([name]) => !skipped.has(name));
}
// What is kept of a form, with the version of the record that it was filled from.
const copied = (form) => ({ at: Date.now(), pairs: copyOf(form), version: form.elements.version?.value });
function restore(form, { pairs, version }) {
  if (version && form.elements.version) form.elements.version.value = version; // what changed since is told on sending
  const copy = new FormData();
  for (const [name, value] of pairs) copy.append(name, value);
  for (const rows of all("[data-rows]", form)) {
    const total = countOf(rows, "TOTAL");
    while (total && Number(total.value) < Number(copy.get(total.name)) && addRow(rows));
  }
  const turn = {};
  for (const control of form.elements) {
    const { name, type } = control;
    const given = copy.getAll(name);
    if (type === "file" || /_FORMS$|^(csrfmiddlewaretoken|version)?$/.test(name)) continue;
    if (isTick(control)) control.checked = given.includes(control.value);
    else if (type === "select-multiple") for (const option of control.options) option.selected = given.includes(option.value);
    else {
      turn[name] = (turn[name] ?? -1) + 1;
      control.value = given[turn[name]] ?? control.value;
    }
  }
  for (const row of all("[data-row]", form)) row.hidden = Boolean(row.querySelector("[name$=-DELETE]:checked"));
  showGroups(form);
}

function autosave(form) {
  const key = keyOf(form);
  const isCopied = form.dataset.draftKey && form.dataset.draftLocal !== "off";
  const find = (selector) => form.querySelector(selector) || document.querySelector(selector);
  const state = find("[data-save-state]");
  let timer, pause, revision = 0, saved = 0, isBusy = false, isStopped = false;
  const isIdle = () => isStopped || form.dataset.isSubmitted || saved === revision;

  function show(name, text) {
    if (!state) return;
    const isNew = state.dataset.state !== name;
    const words = text || state.getAttribute(`data-text-${name}`) || "";
    state.dataset.state = name;
    state.textContent = words.replace("{time}", clock(new Date(), { timeStyle: "short" }));
    if (isNew && (text || name === "offline")) announce(state.textContent);
  }
  const keep = () => isCopied && write(key, copied(form));
  function later(delay) {
    clearTimeout(timer);
    timer = setTimeout(send, delay);
  }
  async function send() {
    if (isBusy || isIdle()) return;
    isBusy = true;
    const sending = revision;
    try {
      const answer = await fetch(form.dataset.autosaveUrl, { method: "POST", body: fieldsOf(form), headers: { Accept: "application/json" } });
      const record = await answer.json().catch(() => null);
      const { status } = answer;
      isStopped = answer.redirected || [401, 403, 409].includes(status);
      if (status === 409) return show("conflict", record?.message || sayings.textConflict);
      if (isStopped) return show("unsaved", sayings.textForbidden);
      if (status === 400 || status === 422) return show("unsaved", record?.message);
      if (!answer.ok || !record) throw new Error(status);
      if (record.version !== undefined && form.elements.version) form.elements.version.value = record.version;
      saved = sending;
      pause = 0;
      if (form.dataset.isSubmitted) return;
      if (saved !== revision) return later(1500);
      if (form.dataset.offline) write(key, { ...read(key), isSaved: true }); else drop(key);
      show("saved");
    } catch {
      show("offline");
      pause = Math.min((pause || 2000) * 2, 60000);
      later(pause);
    } finally {
      isBusy = false;
    }
  }
  function changed(event) {
    if (event && (event.target.type === "file" || event.target.closest("[data-no-draft]"))) return;
    revision += 1;
    keep();
    if (isStopped) return;
    if (!pause) show("unsaved");
    later(Math.max(1500, pause || 0));
  }
  for (const kind of ["input", "change", "portal:rows"]) form.addEventListener(kind, changed);
  form.addEventListener("submit", () => { if (isCopied) { keep(); leaveNote("portal-sent", key); } });
  addEventListener("online", () => later(0));
  addEventListener("pagehide", () => isIdle() || navigator.sendBeacon(form.dataset.autosaveUrl, fieldsOf(form)));

  // A part of the form that is not on the page: the server keeps what was typed and shows all of it.
  async function openWhole({ pairs, version }) {
    const body = fieldsOf(form);
    if (version) body.set("version", version);
    for (const name of new Set(pairs.map(([each]) => each))) body.delete(name);
    for (const pair of pairs) body.append(...pair);
    const answer = await fetch(form.dataset.autosaveUrl, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.status === 409 && version) return openWhole({ pairs }); // only the person's own change is refused
    if (!answer?.ok) return announce(answer ? sayings.textConflict : sayings.textOffline);
    drop(key);
    location.replace(location.pathname);
  }

  const offer = find("[data-draft-offer]");
  const copy = isCopied && read(key);
  if (form.dataset.offline && (!copy || copy.isSaved)) {
    // What the server holds is at hand without a line too, and nothing else.
    if ("holdsDraft" in form.dataset) write(key, { ...copied(form), isSaved: true });
    else drop(key);
  }
  if (!offer || !copy || copy.isSaved || JSON.stringify(copy.pairs) === JSON.stringify(copyOf(form))) return;
  all("[data-draft-time]", offer).forEach((place) => { place.textContent = clock(copy.at, { dateStyle: "short", timeStyle: "short" }); });
  offer.hidden = false;
  offer.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-draft-restore], [data-draft-discard]");
    if (!chosen) return;
    const isWhole = !form.dataset.offline || copy.pairs.every(([name]) => form.elements.namedItem(name) || !name.includes(":"));
    if (chosen.matches("[data-draft-restore]") && !isWhole) return openWhole(copy);
    offer.hidden = true;
    if (chosen.matches("[data-draft-discard]")) return drop(key);
    restore(form, copy);
    changed();
  });
}

// Rows of a formset
const countOf = (rows, name) => rows.closest("form").querySelector(`[name="${rows.dataset.prefix}-${name}_FORMS"]`);
function addRow(rows) {
  const total = countOf(rows, "TOTAL"), most = countOf(rows, "MAX_NUM");
  if (most && Number(total.value) >= Number(most.value)) return null;
  const template = rows.querySelector("template[data-row-template]");
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
  const row = holder.content.firstElementChild;
  template.before(row);
  total.value = Number(total.value) + 1;
  enhance(row);
  return row;
}
function removeRow(row) {
  const mark = row.querySelector("[name$=-DELETE]");
  if (mark) mark.checked = true;
  for (const control of all("input, select, textarea", row)) {
    control.required = false;
    if (!mark && control.type !== "hidden") control[isTick(control) ? "checked" : "value"] = "";
  }
  row.hidden = true;
}
on("click", (event) => {
  const button = event.target.closest("[data-add-row], [data-remove-row]");
  if (!button) return;
  event.preventDefault();
  const rows = button.closest("[data-rows]");
  if (button.matches("[data-add-row]")) addRow(rows)?.querySelector("select, textarea, input:not([type=hidden])").focus();
  else removeRow(button.closest("[data-row]"));
  rows.dispatchEvent(new Event("portal:rows", { bubbles: true }));
});

// Groups that belong to one answer: data-show-when="field=a|b", or "field" for any answer
function showGroups(root) {
  for (const group of all("[data-show-when]", root)) {
    const [name, wanted] = group.dataset.showWhen.split("=");
    const controls = all(`[name="${name}"]`, group.closest("form") || document);
    if (!controls.length) continue;
    const given = controls.flatMap((control) => {
      if (isTick(control)) return control.checked ? [control.value, "on", "true"] : [];
      return [...(control.selectedOptions || [control])].map((option) => option.value);
    });
    const isShown = wanted ? wanted.split("|").some((value) => given.includes(value)) : given.some(Boolean);
    group.hidden = !isShown;
    for (const control of all(isShown ? "[data-was-required]" : "[required]", group)) {
      control.required = isShown;
      control.toggleAttribute("data-was-required", !isShown);
    }
  }
}
on("change", (event) => showGroups(event.target.form || document));

// One submit per form
const submits = (form) => [...form.elements].filter((control) => control.type === "submit");
function release(form) {
  delete form.dataset.isSubmitted;
  for (const button of submits(form)) if (button.dataset.isHeld) { button.disabled = false; delete button.dataset.isHeld; }
}
function hold(form) {
  form.dataset.isSubmitted = "yes";
  // After the event, so that the pressed button's own value still travels.
  setTimeout(() => submits(form).forEach((button) => { if (!button.disabled) button.disabled = button.dataset.isHeld = true; }));
  setTimeout(release, 30000, form);
}
on("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || "download" in form.dataset) return;
  if (form.dataset.preference && event.submitter) return changeReading(event, form, event.submitter);
  if (form.dataset.isSubmitted) return event.preventDefault();
  if ("signOut" in form.dataset) leaveNote("portal-leaving", reader);
  hold(form);
});
addEventListener("pageshow", () => all("form[data-is-submitted]").forEach(release));

// Text size and contrast change at once, without leaving a half-filled form
function changeReading(event, form, button) {
  event.preventDefault();
  const body = new FormData(form);
  body.append(button.name, button.value);
  page.dataset[form.dataset.preference] = button.value;
  if (form.dataset.preference === "contrast") {
    const isHigh = button.value === "high";
    button.setAttribute("aria-pressed", isHigh);
    button.value = isHigh ? "normal" : "high";
  } else for (const other of submits(form)) other.setAttribute("aria-pressed", other === button);
  fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => {});
}

// "/" leads to the search, unless something is being typed or the reader turned such keys off.
on("keydown", (event) => {
  const isTyping = event.target.closest("input, select, textarea, [contenteditable]");
  if (event.key !== "/" || isTyping || event.ctrlKey || event.altKey || event.metaKey || page.dataset.keys === "off") return;
  const box = document.querySelector("[data-search] input[name=q]");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

// HTMX: errors are said aloud, buttons are held while a request runs
const reasons = { 0: "Offline", 401: "Forbidden", 403: "Forbidden", 404: "Missing", 409: "Conflict", 429: "Busy" };
const complain = ({ detail }) => announce(sayings[`text${reasons[detail.xhr.status] || "Error"}`]);
for (const kind of ["responseError", "sendError", "timeout"]) on(`htmx:${kind}`, complain);
on("htmx:beforeRequest", ({ target }) => target.matches("form") && hold(target));
on("htmx:afterRequest", ({ target }) => target.matches("form") && setTimeout(release, 0, target));
on("htmx:load", ({ detail }) => detail.elt !== document.body && enhance(detail.elt));

// A table that scrolls is reached and read by keyboard, also where nothing in it can be focused.
const scrolling = new ResizeObserver((entries) => {
  for (const { target: wrap } of entries) {
    const scrolls = wrap.scrollHeight > wrap.clientHeight + 1 || wrap.scrollWidth > wrap.clientWidth + 1;
    if (!scrolls) {
      for (const name of ["tabindex", "role", "aria-label"]) wrap.removeAttribute(name);
      continue;
    }
    wrap.tabIndex = 0;
    wrap.setAttribute("role", "region");
    wrap.setAttribute("aria-label", wrap.querySelector("caption")?.textContent.trim() || document.title);
  }
});

function enhance(root) {
  const within = (selector) => [...(root.matches?.(selector) ? [root] : []), ...all(selector, root)];
  within("[data-needs-js]").forEach((part) => { part.hidden = false; });
  showGroups(root.parentNode || root);
  within("form[data-autosave-url]").forEach(autosave);
  within(".table-wrap").forEach((wrap) => scrolling.observe(wrap));
  if (matchMedia("(max-width: 42em)").matches) within("details[data-fold]").forEach((fold) => { fold.open = false; fold.dataset.folded = ""; });
  within("[data-error-summary]").forEach((summary) => summary.focus());
}
// What offline.js builds on
globalThis.portal = { reader, offlineForm, announce, clock, read, write, drop, keysOf, keyOf, takeNote, copied, restore };
globalThis.portal.sent = safely(() => sessionStorage["portal-sent"]);
tidyCopies();
enhance(document);
})();
