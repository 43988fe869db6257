// Connections: what the band hears, where the chosen player sounds, and MIDI.

import { by, make } from "./dom.js";
import { run } from "./lists.js";

const WHICH = ["own", "sources", "destinations", "midi/sources", "midi/destinations"];

export class Ports {
  constructor(link) {
    this.link = link;
    this.player = 1;
    this.drawn = {};
    this.opened = new Set();
    by("ports-refresh").addEventListener("click", () => this.refresh());
    by("ports-restore").addEventListener("click", async () => {
      await run(link, "Connected as remembered.", "jack/restore");
      await this.refresh();
    });
    link.follow("status/connections", () => this.refresh());
  }

  /** Show the outputs of another player. */
  choose(player) {
    this.player = player;
    this.draw();
  }

  /** Look what is there; while that is under way, once more after it at most. */
  refresh() {
    this.again = Boolean(this.looking);
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
      if (this.again) this.refresh();
    });
    return this.looking;
  }

  async look() {
    const ports = Object.fromEntries(WHICH.map((which) => [which, []]));
    let wires = [];
    let problem = "";
    try {
      for (const which of WHICH) ports[which] = (await this.link.ask("jack/ports", which)).flat();
      wires = await this.link.ask("jack/graph");
    } catch (error) {
      problem = error.message;
    }
    by("ports-problem").textContent = problem;
    this.ports = ports;
    this.wires = new Set(wires.map(wireOf));
    this.draw();
  }

  draw() {
    if (!this.ports) return;
    const number = this.player === 1 ? "" : this.player;
    const lists = [
      ["hears", "sources", ["in_L", "in_R"]],
      ["sounds", "destinations", [`out${number}_L`, `out${number}_R`]],
      ["midi-from", "midi/sources", ["control_in"]],
      ["midi-to", "midi/destinations", ["control_out"]],
    ];
    for (const [id, which, names] of lists) {
      const own = names.map((name) => this.ports.own.find((port) => port.endsWith(`:${name}`)));
      const wires = [...this.wires].filter((wire) => own.some((end) => wire.includes(end)));
      const drawn = JSON.stringify([this.ports[which], own, wires]);
      if (drawn === this.drawn[id]) continue; // a new key under a finger would not be pressed
      this.drawn[id] = drawn;
      const items = own.includes(undefined) ? [] : this.programs(which, own);
      const focused = document.activeElement?.dataset?.wire;
      by(id).replaceChildren(...items);
      if (focused) by(id).querySelector(`[data-wire="${CSS.escape(focused)}"]`)?.focus();
    }
  }

  /** Return an item for each program with such ports. */
  programs(which, own) {
    const ports = this.ports[which];
    const programs = [...new Set(ports.map(programOf))];
    return programs.map((program) =>
      this.program(program, ports.filter((port) => programOf(port) === program), which, own));
  }

  /** Return an item with a key for both sides and, where there are more ports, one for each. */
  program(program, ports, which, own) {
    const pair = (port, end) => (which.endsWith("sources") ? [port, end] : [end, port]);
    const last = ports.length - 1;
    const both = own.map((end, side) => pair(ports[Math.min(side, last)], end));
    const item = make("li", {}, this.key(program, both));
    if (ports.length > 1) {
      const keys = ports.flatMap((port) => own.map((end) =>
        make("li", {}, this.key(`${shortName(port)} with ${shortName(end)}`, [pair(port, end)]))));
      const name = `${which} ${program}`;
      const details = make("details", { open: this.opened.has(name) });
      details.append(make("summary", {}, "each port"), make("ul", {}, ...keys));
      details.addEventListener("toggle", () => {
        this.opened[details.open ? "add" : "delete"](name);
      });
      item.append(details);
    }
    return item;
  }

  /** Return a button that makes some connections, or takes them away if all are made. */
  key(label, pairs) {
    const made = pairs.every((pair) => this.wires.has(wireOf(pair)));
    const wire = pairs.map(wireOf).join(", ");
    return make("button", {
      type: "button",
      class: "toggle",
      "data-wire": wire,
      "aria-pressed": String(made),
      onclick: async () => {
        for (const pair of pairs) {
          if (made === this.wires.has(wireOf(pair))) {
            const told = await run(this.link, "", made ? "jack/disconnect" : "jack/connect", ...pair);
            if (!told) break;
          }
        }
        await this.refresh();
      },
    }, label);
  }
}

function programOf(port) {
  return port.slice(0, port.indexOf(":"));
}

function shortName(name) {
  return name.slice(name.indexOf(":") + 1);
}

function wireOf([from, to]) {
  return `${from} to ${to}`;
}
