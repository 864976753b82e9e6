// What can be measured of a page that looks wrong: too wide, cut, overlapping, empty. Gives a list of sentences.
() => {
  const found = [];
  const say = (what, element) => {
    const name = element.tagName.toLowerCase() + (element.id ? `#${element.id}` : "") + [...element.classList].map((word) => `.${word}`).join("");
    found.push(`${what}: ${name} “${(element.textContent || "").trim().replace(/\s+/g, " ").slice(0, 60)}”`);
  };
  const isShown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })
    && !element.closest(".visually-hidden, .skip, [aria-hidden=true], select, datalist") && getComputedStyle(element).clipPath === "none";
  const over = document.documentElement.scrollWidth - innerWidth;
  if (over > 0) found.push(`${over} px wider than the window`);
  const main = document.querySelector("main");
  if (!main || main.innerText.trim().length < 30) found.push("nothing in the page");
  for (const picture of document.images) if (picture.complete && !picture.naturalWidth) say("picture missing", picture);

  // Text that sticks out of what holds it, where nothing scrolls
  for (const element of document.querySelectorAll("body *:not(svg, svg *, option, optgroup, br, textarea)")) {
    if (!isShown(element) || ![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const style = getComputedStyle(element);
    if (style.display === "inline" || /auto|scroll/.test(style.overflowX)) continue;
    const isCut = /hidden|clip/.test(style.overflowX);
    if (element.scrollWidth > element.clientWidth + 2 && element.clientWidth > 0) say(isCut ? "cut at the side" : "sticks out at the side", element);
    if (/hidden|clip/.test(style.overflowY) && element.scrollHeight > element.clientHeight + 3) say("cut below", element);
  }

  // Text over text, of what its frames let one see. What stays in place while the page moves covers what it must.
  const boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    if (!node.data.trim() || /SCRIPT|STYLE|TEMPLATE|TITLE|DESC|OPTION|TEXTAREA/i.test(element.tagName) || !isShown(element)) continue;
    let isOverlay = false;
    const seen = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
    for (let up = element; up && up !== document.body; up = up.parentElement) {
      const { position, overflowX, overflowY } = getComputedStyle(up);
      if (/fixed|sticky|absolute/.test(position)) isOverlay = true;
      if (overflowX === "visible" && overflowY === "visible") continue;
      const frame = up.getBoundingClientRect();
      seen.left = Math.max(seen.left, frame.left); seen.right = Math.min(seen.right, frame.right);
      seen.top = Math.max(seen.top, frame.top); seen.bottom = Math.min(seen.bottom, frame.bottom);
    }
    if (isOverlay) continue;
    range.selectNodeContents(node);
    for (const line of range.getClientRects()) {
      const box = { left: Math.max(line.left, seen.left), right: Math.min(line.right, seen.right), top: Math.max(line.top, seen.top), bottom: Math.min(line.bottom, seen.bottom) };
      if (box.right - box.left > 1 && box.bottom - box.top > 1) boxes.push({ box, element });
    }
  }
  boxes.sort((one, other) => one.box.top - other.box.top);
  const told = new Set();
  for (let first = 0; first < boxes.length; first += 1) {
    const one = boxes[first];
    for (let second = first + 1; second < boxes.length && boxes[second].box.top < one.box.bottom; second += 1) {
      const other = boxes[second];
      if (one.element === other.element || told.has(other.element) || one.element.contains(other.element) || other.element.contains(one.element)) continue;
      const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const high = Math.min(one.box.bottom, other.box.bottom) - other.box.top;
      if (wide <= 3 || high <= 0.4 * Math.min(one.box.bottom - one.box.top, other.box.bottom - other.box.top)) continue;
      told.add(other.element);
      say(`over “${one.element.textContent.trim().slice(0, 30)}”`, other.element);
    }
  }
  return found.slice(0, 25);
}
