// The beat of whoever keeps time: a lamp that glows with the phase, moved by the compositor between
// two reports of it.

import { by, make } from "./dom.js";

const SOURCES = {
  none: "nobody keeps time",
  jack: "the DAW keeps time",
  midi: "MIDI clock keeps time",
  manual: "the tempo that is set",
  ear: "the beat tracker listens",
};
const GLOW = [{ opacity: 1 }, { opacity: 0.12, offset: 0.55 }, { opacity: 0.12 }];
const APART_MS = 20; // less than an eye tells
const BELIEVED_MS = 2000; // without a further report

export function showBeat(link) {
  const lamp = by("lamp");
  const dots = by("dots");
  const glow = lamp.animate(GLOW, { duration: 500, iterations: Infinity });
  glow.cancel();
  let next;
  let end;
  let lit;

  const light = (beat) => {
    if (beat === lit) return;
    lit = beat;
    dots.querySelector(".on")?.classList.remove("on");
    dots.children[beat - 1]?.classList.add("on");
    lamp.classList.toggle("one", beat === 1);
  };
  const count = (beat, perBar, beatMs, leftMs) => {
    light(beat);
    next = setTimeout(() => count((beat % perBar) + 1, perBar, beatMs, beatMs), leftMs);
  };
  const rest = () => {
    clearTimeout(next);
    glow.cancel();
    light(0);
  };

  link.follow("transport", (rolling, bpm, beat, phase, perBar, source, bar, confidence) => {
    const beats = Math.round(perBar);
    put("tempo-now", bpm > 0 ? bpm.toFixed(1) : "–");
    put("bar-now", bar > 0 ? `${bar}.${beat}` : "–");
    put("source-now", SOURCES[source] ?? source);
    put("confidence-now", source === "ear" ? `${Math.round(100 * confidence)} % sure` : "");
    if (dots.childElementCount !== beats && beats < 17) {
      dots.replaceChildren(...Array.from({ length: beats }, () => make("i")));
      lit = undefined;
    }
    clearTimeout(next);
    clearTimeout(end);
    if (rolling !== 1 || !(bpm > 0)) {
      rest();
      return;
    }
    const beatMs = 60000 / bpm;
    keepInStep(glow, beatMs, phase);
    if (beats > 0 && beat > 0) count(beat, beats, beatMs, (1 - phase) * beatMs);
    else light(0);
    end = setTimeout(rest, BELIEVED_MS);
  });
}

/** Keep an animation that lasts a beat in step with the beat, and leave it alone where it is. */
function keepInStep(glow, beatMs, phase) {
  const apart = Math.abs((glow.currentTime ?? 0) / beatMs - phase) % 1;
  const apartMs = Math.min(apart, 1 - apart) * beatMs;
  const lasts = glow.effect.getTiming().duration;
  const lastsABeat = Math.abs(lasts - beatMs) < 0.01 * beatMs;
  if (glow.playState === "running" && lastsABeat && apartMs < APART_MS) return;
  glow.effect.updateTiming({ duration: beatMs });
  glow.play();
  glow.currentTime = phase * beatMs;
}

function put(id, text) {
  const element = by(id);
  if (element.textContent !== text) element.textContent = text;
}
