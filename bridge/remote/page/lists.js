// Lists that are asked for: presets, checkpoints; and the recorder.

import { by, make, say } from "./dom.js";

/** Run a command and say how it ended; return its replies, or undefined where it was refused. */
export async function run(link, done, name, ...values) {
  try {
    const replies = await link.ask(name, ...values);
    if (done) say(done);
    return replies;
  } catch (error) {
    say(error.message, "problem");
    return undefined;
  }
}

export class Presets {
  constructor(link) {
    this.link = link;
    this.list = by("presets");
    by("preset-next").addEventListener("click", () => run(link, "", "preset/next"));
    by("preset-prev").addEventListener("click", () => run(link, "", "preset/prev"));
    by("preset-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.save(by("preset-name").value.trim());
    });
    link.follow("preset", (name, modified) => {
      this.now = name;
      by("preset-now").textContent = name ? `${name}${modified ? ", changed" : ""}` : "none is on";
      this.mark();
    });
  }

  async refresh() {
    const found = (await this.link.ask("preset/list").catch(() => [])) ?? [];
    this.list.replaceChildren(
      ...found.map(([number, name]) =>
        make("li", {}, make("button", {
          type: "button",
          "data-name": name,
          onclick: () => run(this.link, `Preset ${name}.`, "preset/select", number),
        }, name)),
      ),
    );
    this.mark();
  }

  async save(name) {
    const words = name ? [name] : [];
    if (await run(this.link, `Saved ${name || this.now}.`, "preset/save", ...words)) {
      by("preset-name").value = "";
      await this.refresh();
    }
  }

  mark() {
    for (const each of this.list.querySelectorAll("button")) {
      each.setAttribute("aria-pressed", String(each.dataset.name === this.now));
    }
  }
}

export class Models {
  constructor(link) {
    this.link = link;
    this.choice = by("models");
    this.choice.addEventListener("change", () => this.play(this.choice.value));
    link.follow("model/info", (name) => {
      this.now = name;
      this.mark();
    });
  }

  async refresh() {
    const found = (await this.link.ask("model/list").catch(() => [])) ?? [];
    this.choice.replaceChildren(...found.map(([, name]) => make("option", {}, name)));
    this.mark();
  }

  async play(name) {
    this.choice.disabled = true;
    say(`Loading ${name}; what plays goes on meanwhile.`);
    await run(this.link, `${name} plays now.`, "model", name);
    this.choice.disabled = false;
    this.mark();
  }

  mark() {
    const names = [...this.choice.options].map((option) => option.value);
    if (this.now && !names.includes(this.now)) this.choice.append(make("option", {}, this.now));
    if (this.now) this.choice.value = this.now;
  }
}

export function showRecorder(link) {
  const key = by("record");
  key.addEventListener("click", () => {
    const running = key.getAttribute("aria-pressed") === "true";
    const done = running ? "Recorded." : "Recording.";
    run(link, done, running ? "record/stop" : "record/start");
  });
  link.follow("record/state", (recording, name, seconds, lost, error) => {
    key.setAttribute("aria-pressed", String(recording === 1));
    key.textContent = recording ? "Stop recording" : "Record";
    const length = `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
    const losses = lost ? `, ${lost} frames lost` : "";
    by("take").textContent = error || (name ? `${name}, ${length}${losses}` : "");
  });
}
