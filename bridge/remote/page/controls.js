// One widget for each kind of row; everything about a row comes from the table.

import { make, nextFrame } from "./dom.js";
import { ROOT, ROWS } from "./table.js";

export const ROW = Object.fromEntries(ROWS.map((row) => [row.name, row]));

/** Return the key of a row of a player: as MIDI learning and addresses name it. */
export function keyOf(name, player = 1) {
  return player === 1 || !ROW[name].each ? name : `player/${player}/${name}`;
}

/** Make the widget of a row, for one player. */
export function widget(link, name, player = 1) {
  const row = ROW[name];
  const kinds = {
    choice: choices,
    toggle: toggle,
    trigger: button,
    float: slider,
    int: row.high > 1000 ? number : slider,
  };
  return kinds[row.kind](link, row, keyOf(name, player));
}

/** A button for each choice; native radio buttons, so that arrow keys move among them. */
export function choices(link, row, key, label = String) {
  const field = make("fieldset", { class: "choices", title: row.help, "data-control": key });
  const unit = row.unit ? ` (${row.unit})` : "";
  const legend = make("legend", {}, row.title + unit);
  const group = `choice-${serial++}`;
  let offer = "";
  const fill = (names) => {
    if (names.join() === offer) return; // a new button under a finger would not be pressed
    offer = names.join();
    field.replaceChildren(legend, ...names.map((choice) => option(choice)));
    show(link.value(key));
  };
  const option = (choice) => {
    const input = make("input", { type: "radio", name: group, value: String(choice) });
    input.addEventListener("change", () => link.set(key, choice));
    return make("label", {}, input, make("span", {}, label(choice)));
  };
  const show = (value) => {
    for (const input of field.querySelectorAll("input")) {
      input.checked = sameChoice(input.value, value);
    }
  };
  fill(row.choices);
  const list = { name: row.name, fill };
  choiceLists.add(list);
  if (offered.has(row.name)) fill(offered.get(row.name));
  const unfollow = link.follow(key, show);
  field.forget = () => {
    unfollow();
    choiceLists.delete(list);
  };
  return field;
}

let serial = 0;
const choiceLists = new Set();
const offered = new Map();

/** Keep to what each choice takes: another checkpoint may play other stems. */
export function followChoices(link) {
  link.follow("description", (address, tags, low, high, initial, unit, help, ...known) => {
    const names = known.map((each) => (typeof each === "string" ? each : Number(each.toPrecision(6))));
    for (const list of choiceLists) {
      if (names.length && address === `${ROOT}/${list.name}`) list.fill(names);
    }
    offered.set(address.slice(ROOT.length + 1), names);
  });
}

/** Ask anew what each choice takes. */
export function askForChoices(link) {
  for (const name of new Set([...choiceLists].map((list) => list.name))) {
    link.send("describe", `${ROOT}/${name}`);
  }
}

function sameChoice(text, value) {
  return text === value || Math.abs(Number(text) - value) < 1e-4;
}

/** A button that stays down. */
export function toggle(link, row, key, title = row.title) {
  const element = make(
    "button",
    { type: "button", class: "toggle", title: row.help, "data-control": key },
    title,
  );
  element.setAttribute("aria-pressed", "false");
  element.addEventListener("click", () => {
    link.set(key, element.getAttribute("aria-pressed") === "true" ? 0 : 1);
  });
  element.forget = link.follow(key, (on) => element.setAttribute("aria-pressed", String(on === 1)));
  return element;
}

/** A button that fires a trigger. */
export function button(link, row, key, title = row.title) {
  return make(
    "button",
    {
      type: "button",
      class: "trigger",
      title: row.help,
      "data-control": key,
      onclick: () => link.send(key),
    },
    title,
  );
}

/** A fader: it does not move under the hand that holds it, and then shows what holds. */
export function slider(link, row, key, title = row.title) {
  const step = row.decimals ? 10 ** -row.decimals : 1;
  const input = make("input", { type: "range", min: row.low, max: row.high, step });
  const output = make("output", {});
  const unit = row.unit ? ` ${row.unit}` : "";
  let held = false;
  const show = (value) => {
    if (value === undefined) return;
    const shown = `${value.toFixed(row.decimals)}${unit}`;
    output.textContent = shown;
    input.setAttribute("aria-valuetext", shown);
    if (!held) input.value = value;
  };
  input.addEventListener("input", () => {
    nextFrame(input, () => link.set(key, Number(input.value)));
  });
  input.addEventListener("pointerdown", () => (held = true));
  for (const end of ["pointerup", "pointercancel", "change"]) {
    input.addEventListener(end, () => {
      held = false;
      nextFrame(`${key} released`, () => show(link.value(key)));
    });
  }
  const label = make("label", { class: "slider", title: row.help, "data-control": key });
  label.append(make("span", {}, title), input, output);
  label.forget = link.follow(key, show);
  return label;
}

/** A number to type, for those of a range too wide for a fader. */
export function number(link, row, key, title = row.title) {
  const input = make("input", { type: "number", min: row.low, max: row.high, step: 1 });
  input.addEventListener("change", () => link.set(key, Math.round(Number(input.value))));
  const label = make("label", { class: "number", title: row.help, "data-control": key });
  label.append(make("span", {}, title), input);
  label.forget = link.follow(key, (value) => {
    if (document.activeElement !== input) input.value = value;
  });
  return label;
}
