// Putting a linked figure where the cursor stands. Without script the button sends the form, and the figure comes last.
(() => {
"use strict";
const touched = new WeakSet();
const names = new Set([...document.querySelectorAll("#figures option")].map((option) => option.value));

document.addEventListener("focusin", ({ target }) => touched.add(target));
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert-into]");
  if (!button) return;
  event.preventDefault();
  const picker = button.closest("details");
  const [figure, form] = picker.querySelectorAll("input, select");
  const error = picker.querySelector("[role=alert]");
  const name = figure.value.trim().replace(/\s+/g, " ");
  error.hidden = names.has(name);
  error.textContent = error.hidden ? "" : button.dataset.unknown;
  if (!error.hidden) return figure.focus();
  const text = document.getElementById(button.dataset.insertInto);
  if (!touched.has(text)) text.selectionStart = text.selectionEnd = text.value.length;
  text.setRangeText(`⟦${name}${form.value ? `: ${form.value}` : ""}⟧`, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
  figure.value = "";
  text.focus();
});
})();
