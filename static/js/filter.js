// Narrows a page down to the parts that hold every word that is typed. Without script everything is shown.
(() => {
"use strict";
const form = document.querySelector("[data-filter]");
if (!form) return;
const box = form.querySelector("input");
const state = form.querySelector("[data-filter-state]");
const parts = [...document.querySelectorAll("[data-filter-part]")];
const groups = [...document.querySelectorAll("[data-filter-group]")];
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
const known = parts.map((part) => folded(part.textContent));

function narrow() {
  const words = folded(box.value).split(/\s+/).filter(Boolean);
  parts.forEach((part, at) => { part.hidden = !words.every((word) => known[at].includes(word)); });
  for (const group of groups) group.hidden = !group.querySelector("[data-filter-part]:not([hidden])");
  const shown = parts.filter((part) => !part.hidden).length;
  state.textContent = words.length ? box.dataset.filterText.replace("{count}", shown).replace("{all}", parts.length) : "";
}
box.addEventListener("input", narrow);
form.addEventListener("submit", (event) => event.preventDefault());
narrow();
})();
