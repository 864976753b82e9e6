// The bare dashboard: fills the screen of a meeting room, or opens the print dialog. Works without this file.
(() => {
"use strict";
const fill = document.querySelector("[data-full-screen]");
if (fill && document.fullscreenEnabled) {
  fill.hidden = false;
  fill.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  });
} else fill?.remove();
const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
})();
