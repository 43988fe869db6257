// Level meters: a bar that is scaled, not laid out anew; a screen reader is told once a second.

import { make, nextFrame } from "./dom.js";

const FLOOR_DB = -60;

/** Make a meter of the reading `name`, e.g. `meter/in`. */
export function meter(link, name, title) {
  const bar = make("i", {});
  const element = make("div", { class: "meter", role: "meter", "aria-label": title }, bar);
  element.setAttribute("aria-valuemin", FLOOR_DB);
  element.setAttribute("aria-valuemax", 0);
  let shown = -1;
  let read = 0;
  element.forget = link.follow(name, (left, right) => {
    const peak = Math.max(left, right, FLOOR_DB);
    nextFrame(element, (now) => {
      const scale = Math.min(1, 1 - peak / FLOOR_DB);
      if (Math.abs(scale - shown) > 0.002) {
        bar.style.transform = `scaleX(${scale.toFixed(3)})`;
        element.classList.toggle("hot", peak > -1);
        shown = scale;
      }
      if (now - read > 1000) {
        element.setAttribute("aria-valuenow", Math.round(Math.min(0, peak)));
        read = now;
      }
    });
  });
  return element;
}
