// The beat of whoever keeps time: a lamp that goes with the phase between two reports of it.

import { by, make } from "./dom.js";

const SOURCES = {
  none: "nobody keeps time",
  jack: "the DAW keeps time",
  midi: "MIDI clock keeps time",
  manual: "the tempo that is set",
  ear: "the beat tracker listens",
};

export function showBeat(link) {
  const lamp = by("lamp");
  const dots = by("dots");
  let told;
  let lit = -1;

  link.follow("transport", (rolling, bpm, beat, phase, perBar, source, bar, confidence) => {
    told = { rolling, bpm, phase, beat, perBar: Math.round(perBar), at: performance.now() };
    put("tempo-now", bpm > 0 ? bpm.toFixed(1) : "–");
    put("bar-now", bar > 0 ? `${bar}.${beat}` : "–");
    put("source-now", SOURCES[source] ?? source);
    put("confidence-now", source === "ear" ? `${Math.round(100 * confidence)} % sure` : "");
    if (dots.childElementCount !== told.perBar && told.perBar < 17) {
      dots.replaceChildren(...Array.from({ length: told.perBar }, () => make("i")));
      lit = -1;
    }
    schedule();
  });

  let running = false;
  const schedule = () => {
    if (running) return;
    running = true;
    requestAnimationFrame(step);
  };
  const step = (now) => {
    running = told.rolling === 1 && now - told.at < 2000;
    const passed = told.phase + (running ? ((now - told.at) / 60000) * told.bpm : 0);
    const glow = running ? Math.max(0.12, 1 - 1.6 * (passed % 1)) : 0.12;
    lamp.style.opacity = glow.toFixed(2);
    const counts = running && told.perBar > 0 && told.beat > 0;
    const beat = counts ? (told.beat - 1 + Math.floor(passed)) % told.perBar : -1;
    if (beat !== lit) {
      dots.children[lit]?.classList.remove("on");
      dots.children[beat]?.classList.add("on");
      lamp.classList.toggle("one", beat === 0);
      lit = beat;
    }
    if (running) requestAnimationFrame(step);
  };
}

function put(id, text) {
  const element = by(id);
  if (element.textContent !== text) element.textContent = text;
}
