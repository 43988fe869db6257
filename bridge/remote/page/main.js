// The remote: puts the parts of the page together.

import { showBeat } from "./beat.js";
import { askForChoices, button, choices, followChoices, ROW, widget } from "./controls.js";
import { checkOnDemand } from "./doctor.js";
import { by, make, say } from "./dom.js";
import { showHealth } from "./health.js";
import { learnByClicking } from "./learn.js";
import { Link } from "./link.js";
import { Models, Presets, showRecorder } from "./lists.js";
import { meter } from "./meters.js";
import { Band } from "./players.js";
import { Ports } from "./ports.js";
import { letIn, showInvitation } from "./room.js";
import { spectrogram } from "./spectrogram.js";
import { ROOT, ROWS, SECTIONS } from "./table.js";

/** Rows that have their place on the page; all others follow below, by section. */
const PLACED = {
  now: ["panic"],
  moves: ["reset", "freeze"],
  taps: ["tap", "ear/half", "ear/double", "ear/downbeat"],
  input: ["gain/in", "listen"],
  time: ["tempo", "transport/source"],
};
const ELSEWHERE = [
  ...["stem", "anticipation", "players", "gain/out", "enable", "mute", "bypass"],
  ...["noise", "groove", "seed", "reseed"],
];
const NAMES = { "ear/half": "Half", "ear/double": "Double", "ear/downbeat": "Downbeat" };

async function start() {
  await letIn();
  const link = new Link();
  link.onFailure = (text) => say(text, "problem");

  const shown = new Set(ELSEWHERE);
  for (const [place, names] of Object.entries(PLACED)) {
    for (const name of names) {
      const own = NAMES[name] && button(link, ROW[name], name, NAMES[name]);
      by(place).append(own || widget(link, name));
      shown.add(name);
    }
  }
  by("now").firstChild.classList.add("panic");
  by("anticipation").append(choices(link, ROW.anticipation, "anticipation", (value) => `${value} s`));
  by("input").append(meter(link, "meter/in", "Level of the mix"));
  for (const row of ROWS) {
    if (row.kind !== "reading" && !shown.has(row.name)) section(row).append(widget(link, row.name));
  }

  const [band, ports] = [new Band(link), new Ports(link)];
  band.onChosen = (player) => ports.choose(player);
  const [presets, models] = [new Presets(link), new Models(link)];
  followChoices(link);
  link.follow("pending", (address, line) => {
    say(`${address.slice(ROOT.length + 1)} waits for the next ${line}.`);
  });
  showBeat(link);
  showHealth(link);
  checkOnDemand();
  showRecorder(link);
  learnByClicking(link);
  showInvitation();
  spectrogram(link, "spectrum/in", by("heard"), 205);
  spectrogram(link, "spectrum/out", by("played"), 40);

  link.onState = (connected) => {
    document.body.classList.toggle("away", !connected);
    by("stage").inert = !connected;
    if (!connected) {
      say("No connection to the bridge; trying again.", "problem");
      return;
    }
    say("Connected.");
    for (const each of [presets, models, ports]) each.refresh();
    askForChoices(link);
  };
  link.onNamespace = () => askForChoices(link);
  link.open();
  window.liveband = { link, band, ports };
}

function section(row) {
  const { title, colour } = SECTIONS.find((each) => each.title === row.section);
  const id = `more-${title.toLowerCase()}`;
  if (!by(id)) {
    const body = make("div", { id, class: "grid" });
    const part = make("section", {}, make("h3", {}, title), body);
    part.style.setProperty("--own", colour);
    by("more").append(part);
  }
  return by(id);
}

start();
