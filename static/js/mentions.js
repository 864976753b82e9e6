// Suggests people while a name is typed after "@". Comments can be written, and people told, without it.
(() => {
"use strict";
if (window.portalMentions) return;
window.portalMentions = true;
const TYPED = /(^|[^\p{L}\p{N}_@.])@([^\n@]{0,40})$/u;
let open = null, timer, asked = 0;

function typedName(area) {
  const found = area.value.slice(0, area.selectionStart).match(TYPED);
  return found && area.selectionStart === area.selectionEnd ? found[2] : null;
}
function close() {
  if (!open) return;
  open.list.remove();
  for (const name of ["aria-controls", "aria-expanded", "aria-activedescendant"]) open.area.removeAttribute(name);
  open = null;
}
function mark(number) {
  open.at = (number + open.people.length) % open.people.length;
  [...open.list.children].forEach((item, place) => item.setAttribute("aria-selected", place === open.at));
  open.area.setAttribute("aria-activedescendant", `mention-${open.at}`);
}
function show(area, field, people) {
  close();
  const said = field.querySelector("[data-said]") || field.appendChild(document.createElement("p"));
  Object.assign(said, { className: "visually-hidden", role: "status" });
  said.dataset.said = "";
  said.setAttribute("role", "status");
  said.textContent = (people.length ? field.dataset.textFound : field.dataset.textNone).replace("{count}", people.length);
  if (!people.length) return;
  const list = document.createElement("ul");
  list.className = "mention-list";
  list.id = "mention-list";
  list.setAttribute("role", "listbox");
  people.forEach((person, place) => {
    const item = document.createElement("li");
    item.id = `mention-${place}`;
    item.setAttribute("role", "option");
    item.textContent = person.name;
    item.addEventListener("pointerdown", (event) => { event.preventDefault(); choose(place); });
    list.append(item);
  });
  area.after(list);
  open = { area, list, people, at: 0 };
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);
  area.setAttribute("aria-expanded", "true");
  mark(0);
}
function choose(place) {
  const { area, people } = open, person = people[place];
  const before = area.value.slice(0, area.selectionStart).replace(/@[^\n@]*$/, `@${person.name} `);
  area.value = before + area.value.slice(area.selectionEnd);
  area.setSelectionRange(before.length, before.length);
  tell(area.form, person);
  close();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}
// The name alone may be several people's; the key says which one was meant.
function tell(form, person) {
  const offered = form.querySelector(`select[name=tell] option[value="${person.id}"]`);
  if (offered) { offered.selected = true; return; }
  if (form.querySelector(`input[name=tell][value="${person.id}"]`)) return;
  const key = document.createElement("input");
  Object.assign(key, { type: "hidden", name: "tell", value: person.id });
  form.append(key);
}
async function suggest(area, field) {
  const name = typedName(area), turn = ++asked;
  if (name === null) return close();
  try {
    const answer = await fetch(`${field.dataset.peopleUrl}&q=${encodeURIComponent(name)}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return close();
    const { people } = await answer.json();
    if (turn === asked && typedName(area) === name) show(area, field, people);
  } catch { close(); }
}
document.addEventListener("input", ({ target }) => {
  const field = target.closest?.("[data-people-url]");
  if (!field) return;
  clearTimeout(timer);
  if (typedName(target) === null) { asked += 1; return close(); }
  timer = setTimeout(suggest, 250, target, field);
});
document.addEventListener("keydown", (event) => {
  if (!open || event.target !== open.area) return;
  const moves = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in moves) mark(open.at + moves[event.key]);
  else if (event.key === "Enter" || event.key === "Tab") choose(open.at);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
});
document.addEventListener("focusout", ({ target }) => { if (open && target === open.area) close(); });
})();
