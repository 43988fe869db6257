// The band: a strip for each player, and the instrument buttons of the one that is chosen.

import { button, choices, keyOf, ROW, slider, toggle, widget } from "./controls.js";
import { by, make } from "./dom.js";
import { meter } from "./meters.js";
import { MAX_PLAYERS } from "./table.js";

export class Band {
  constructor(link) {
    this.link = link;
    this.strips = [];
    this.chosen = 0;
    this.onChosen = () => {};
    by("add").addEventListener("click", () => link.set("players", this.strips.length + 1));
    by("remove").addEventListener("click", () => link.set("players", this.strips.length - 1));
    link.follow("players", (count) => this.resize(count));
    this.choose(1);
  }

  resize(count) {
    while (this.strips.length > count) {
      const strip = this.strips.pop();
      forget(strip);
      strip.remove();
    }
    while (this.strips.length < count) {
      this.strips.push(this.strip(this.strips.length + 1));
      by("strips").append(this.strips.at(-1));
    }
    by("add").disabled = count >= MAX_PLAYERS;
    by("remove").disabled = count <= 1;
    if (this.chosen > count) this.choose(count);
    this.mark();
  }

  strip(player) {
    const name = make("b", {});
    const pick = make("button", {
      type: "button",
      class: "pick",
      title: `Show the instrument of player ${player}`,
      onclick: () => this.choose(player),
    });
    pick.append(make("small", {}, `Player ${player}`), name);
    const row = (each) => [this.link, ROW[each], keyOf(each, player)];
    const strip = make("li", { class: "strip" });
    strip.append(
      pick,
      slider(...row("gain/out"), "Gain"),
      meter(this.link, `player/${player}/meter/out`, `Level of player ${player}`),
      make("div", { class: "keys" }, toggle(...row("enable"), "On"), toggle(...row("mute"), "Mute")),
    );
    const unfollow = this.link.follow(keyOf("stem", player), (stem) => (name.textContent = stem));
    strip.forget = unfollow;
    return strip;
  }

  /** Show the controls of one player. */
  choose(player) {
    if (player === this.chosen) return;
    this.chosen = player;
    const [stems, mutes, own] = [by("stems"), by("mutes"), by("own")];
    for (const element of [stems, mutes, own]) forget(element);
    stems.replaceChildren(choices(this.link, ROW.stem, keyOf("stem", player)));
    mutes.replaceChildren(
      ...["mute", "bypass"].map((name) => widget(this.link, name, player)),
    );
    own.replaceChildren(
      ...["noise", "groove", "seed"].map((name) => widget(this.link, name, player)),
      button(this.link, ROW.reseed, keyOf("reseed", player)),
    );
    this.mark();
    this.onChosen(player);
  }

  mark() {
    this.strips.forEach((strip, index) => {
      strip.querySelector(".pick").setAttribute("aria-pressed", String(index + 1 === this.chosen));
    });
  }
}

/** End what an element, and all in it, follow. */
function forget(element) {
  element.forget?.();
  for (const child of element.children) forget(child);
}
