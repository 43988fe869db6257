// State, losses, and what to do about them in words.

import { by, make } from "./dom.js";
import { ROW } from "./controls.js";
import { STATES } from "./table.js";

const MINUTE_MS = 60000;
const LOSSES = [
  {
    field: "xruns",
    text: "JACK missed its deadline",
    advice: "Use a larger JACK block, and see `liveband doctor` about real-time rights.",
  },
  {
    field: "late_hops",
    text: "hops were late",
    advice: "The model was too slow: choose an anticipation of 1 s, and close other programs.",
  },
  {
    field: "skipped_hops",
    text: "hops were skipped",
    advice: "The machine could not keep up: fewer players, or a smaller checkpoint.",
  },
  {
    field: "underruns",
    text: "blocks without sound",
    advice: "There was no stem to play: as for late hops; after a reset a few are usual.",
  },
  {
    field: "restarts",
    text: "restarts of the engine",
    advice: "The engine died and was started again; the report is in ~/.local/state/liveband.",
  },
];

export function showHealth(link) {
  link.follow("status", (state, text) => {
    const lamp = by("state");
    lamp.dataset.state = state;
    lamp.textContent = state;
    lamp.title = STATES[state] ?? "";
    by("why").textContent = text || STATES[state] || "";
  });
  const fields = ROW["status/engine"].fields;
  const history = [];
  link.follow("status/engine", (...values) => {
    const counts = Object.fromEntries(fields.map((field, index) => [field, values[index]]));
    const now = performance.now();
    history.push({ now, counts });
    while (now - history[0].now > MINUTE_MS) history.shift();
    const before = history[0].counts;
    by("losses").replaceChildren(...LOSSES.map((loss) => lossOf(loss, counts, before)));
    by("load").textContent = `A hop of 50 ms takes ${counts.step_mean_ms.toFixed(1)} ms, 99 in 100
      less than ${counts.step_p99_ms.toFixed(1)} ms.`;
  });
  link.follow("status/connections", (made, away, unmatched) => {
    const words = [`${made} connections`];
    if (away) words.push(`${away} wait for their ports to come back`);
    if (unmatched) words.push(`rules that match nothing: ${unmatched}`);
    by("wires").textContent = words.join("; ");
  });
}

function lossOf({ field, text, advice }, counts, before) {
  const rising = counts[field] - before[field];
  const line = make("li", { class: rising > 0 ? "rising" : "" });
  line.append(make("b", {}, String(counts[field])), ` ${text}`);
  if (rising > 0) line.append(make("p", {}, `${rising} in the last minute. ${advice}`));
  return line;
}
