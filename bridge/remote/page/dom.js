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

const APART_MS = 45; // once a hop: meters and spectrograms come with it

let wanted = new Map();
let drawn = 0;

/**
 * Call `draw` with the next picture of the screen that has anything new, once, however often it is
 * asked for. What comes within a hop is drawn together: a picture costs more than what is in it.
 */
export function nextFrame(key, draw) {
  if (wanted.size === 0) {
    const waitMs = drawn + APART_MS - performance.now();
    if (waitMs > 0) setTimeout(requestAnimationFrame, waitMs, drawAll);
    else requestAnimationFrame(drawAll);
  }
  wanted.set(key, draw);
}

function drawAll(now) {
  const due = wanted;
  wanted = new Map();
  drawn = now;
  for (const draw of due.values()) draw(now);
}

/** Say something in the line for messages, which screen readers read out. */
export function say(text, kind = "note") {
  const line = by("said");
  line.textContent = text;
  line.dataset.kind = kind;
}
