// Free tables: long lists are narrowed down while one types, and the link is copied. The page works without.
(() => {
"use strict";
const all = (selector, root) => [...root.querySelectorAll(selector)];
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();

function narrow(group, typed) {
  const wanted = plain(typed.trim());
  for (const choice of all(".pick-list label, option", group)) choice.hidden = Boolean(wanted) && !plain(choice.textContent).includes(wanted);
  for (const part of all("[data-filter-part]", group)) part.hidden = !part.querySelector("label:not([hidden])");
}

document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-filter]")) narrow(target.closest("[data-filter-group]"), target.value);
});
document.addEventListener("keydown", (event) => {
  // Enter in the box that narrows a list does not send the form.
  if (event.key === "Enter" && event.target.matches("[data-filter]")) event.preventDefault();
});
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const box = document.getElementById(button.dataset.copy);
  box.select();
  try {
    await navigator.clipboard.writeText(box.value);
    button.textContent = button.dataset.textDone;
  } catch {
    document.execCommand("copy");
  }
});
})();
