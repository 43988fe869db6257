// Small helpers to make elements.

/** Make an element with attributes, properties and children; `on…` adds a listener. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Return the element with an id. */
export function by(id) {
  return document.getElementById(id);
}

let wanted = new Map();

/** Call `draw` with the next picture of the screen, once, however often it is asked for. */
export function nextFrame(key, draw) {
  if (wanted.size === 0) requestAnimationFrame(drawAll);
  wanted.set(key, draw);
}

function drawAll(now) {
  const due = wanted;
  wanted = new Map();
  for (const draw of due.values()) draw(now);
}

/** Say something in the line for messages, which screen readers read out. */
export function say(text, kind = "note") {
  const line = by("said");
  line.textContent = text;
  line.dataset.kind = kind;
}
