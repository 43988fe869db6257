// MIDI learning: press Learn, click a control, move a knob.

import { by, say } from "./dom.js";
import { ROOT } from "./table.js";

export function learnByClicking(link) {
  const key = by("learn");
  let waiting;

  const stop = () => {
    document.body.classList.remove("learning");
    key.setAttribute("aria-pressed", "false");
    waiting?.classList.remove("awaited");
    waiting = undefined;
  };

  key.addEventListener("click", () => {
    if (key.getAttribute("aria-pressed") === "true") {
      if (waiting) link.send("midi/learn/cancel");
      stop();
      say("Learning is off.");
      return;
    }
    document.body.classList.add("learning");
    key.setAttribute("aria-pressed", "true");
    say("Click a control, then move the knob that is to move it.");
  });

  const learn = async (element) => {
    if (waiting) link.send("midi/learn/cancel");
    waiting?.classList.remove("awaited");
    waiting = element;
    element.classList.add("awaited");
    const control = element.dataset.control;
    say(`Move the knob for ${control} within 30 s.`);
    try {
      const [[address, kind, channel, number]] = await link.ask("midi/learn", control);
      const where = channel ? `channel ${channel}` : "any channel";
      say(`${address.slice(ROOT.length + 1)} is moved by ${kind} ${number}, ${where}.`);
    } catch (error) {
      if (waiting === element) say(error.message, "problem");
    }
    if (waiting === element) stop();
  };

  for (const kind of ["pointerdown", "mousedown", "touchstart", "click", "keydown"]) {
    document.addEventListener(kind, (event) => {
      const element = event.target.closest?.("[data-control]");
      if (!element || !document.body.classList.contains("learning")) return;
      if (kind === "keydown" && event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      if (kind === "pointerdown" || kind === "keydown") learn(element);
    }, { capture: true, passive: false });
  }
}
