// One sound at a time; all pictures of a sample share its moment.
"use strict";

(() => {
  const audio = new Audio();
  audio.preload = "auto";
  const bar = document.getElementById("bar");
  const toggle = document.getElementById("toggle");
  const playing = document.getElementById("playing");
  const clock = document.getElementById("clock");
  const moments = new WeakMap();
  const beyond = new WeakMap(); // moments that a shorter sound could not take over
  let current = null;

  const sampleOf = (element) => element.closest(".sample");
  const isOn = () => current !== null && !audio.paused;

  function show() {
    if (current === null) return;
    const sample = sampleOf(current);
    const at = audio.readyState > 0 ? audio.currentTime : moments.get(sample) || 0;
    moments.set(sample, at);
    place(sample, at);
    const told = `${Math.floor(at / 60)}:${String(Math.floor(at % 60)).padStart(2, "0")}`;
    if (clock.textContent !== told) clock.textContent = told;
    if (isOn()) requestAnimationFrame(show);
  }

  function place(sample, at) {
    for (const scope of sample.querySelectorAll(".scope")) {
      const seconds = Number(scope.dataset.seconds);
      const inside = Math.min(at, seconds);
      scope.style.setProperty("--at", inside / seconds);
      scope.classList.toggle("over", at > seconds + 0.05);
      const seek = scope.querySelector("input");
      if (document.activeElement !== seek || isOn()) seek.value = inside;
      seek.setAttribute("aria-valuetext", `${inside.toFixed(1)} s`);
    }
  }

  function mark() {
    const on = isOn();
    for (const button of document.querySelectorAll(".play[aria-pressed=true]")) {
      if (button !== current || !on) button.setAttribute("aria-pressed", "false");
    }
    for (const voice of document.querySelectorAll(".heard")) voice.classList.remove("heard");
    document.body.classList.toggle("on", on);
    toggle.setAttribute("aria-label", on ? "Pause" : "Play");
    if (current === null) return;
    current.setAttribute("aria-pressed", String(on));
    (current.closest(".voice") || sampleOf(current)).classList.add("heard");
  }

  function play(button) {
    if (button === current) {
      if (isOn()) audio.pause();
      else begin();
      return;
    }
    const sample = sampleOf(button);
    const now = moments.get(sample) || 0;
    current = button;
    audio.src = button.dataset.sound;
    audio.addEventListener(
      "loadedmetadata",
      () => {
        const end = audio.duration - 0.2;
        const far = beyond.get(sample) || 0;
        const at = far && far < end ? far : now;
        if (at < end) audio.currentTime = at;
        if (at < end && far < end) beyond.delete(sample);
        if (at >= end) beyond.set(sample, at);
      },
      { once: true },
    );
    const picture = (button.closest(".voice") || sample).querySelector(".scope img");
    picture.src = button.dataset.picture;
    const title = sample.querySelector("h3");
    const section = title ? sample.closest("section").querySelector("h2").textContent : "";
    const name = title ? `${section} ${title.textContent}: ` : "";
    const way = button.classList.contains("big") ? "" : `, ${button.textContent.trim()}`;
    playing.textContent = `${name}${button.dataset.who}${way}`;
    bar.hidden = false;
    begin();
  }

  function begin() {
    if (audio.error) audio.load();
    audio.play().catch((error) => {
      if (error.name === "NotAllowedError") stop("The browser wants another press before it plays.");
      else if (error.name !== "AbortError") complain();
    });
  }

  function complain() {
    stop(
      audio.canPlayType("audio/ogg; codecs=opus")
        ? `${current.dataset.sound} cannot be loaded: it must lie beside this page.`
        : "This browser cannot play Opus in Ogg; any of the last two years can.",
    );
  }

  function stop(why) {
    audio.pause();
    mark();
    playing.textContent = why;
  }

  function seek(scope, at) {
    const sample = sampleOf(scope);
    moments.set(sample, at);
    beyond.delete(sample);
    if (current !== null && sampleOf(current) === sample && audio.readyState > 0) {
      audio.currentTime = Math.min(at, audio.duration - 0.05);
      show();
    }
    place(sample, at);
  }

  for (const event of ["play", "pause", "ended"]) {
    audio.addEventListener(event, () => { mark(); show(); });
  }
  audio.addEventListener("ended", () => { moments.set(sampleOf(current), 0); });
  audio.addEventListener("error", complain);
  toggle.addEventListener("click", () => { if (current) play(current); });

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".play");
    if (button) play(button);
  });
  document.addEventListener("input", (event) => {
    const scope = event.target.closest(".scope");
    if (scope) seek(scope, Number(event.target.value));
  });
  document.addEventListener("keydown", (event) => {
    const target = event.target;
    const scope = target.closest(".scope");
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const turn = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (scope && step) {
      event.preventDefault();
      const seconds = Number(scope.dataset.seconds);
      const at = Number(scope.querySelector("input").value) + step;
      seek(scope, Math.max(0, Math.min(seconds, at)));
      scope.querySelector("input").value = Math.max(0, Math.min(seconds, at));
    } else if (target.classList.contains("play") && step) {
      event.preventDefault();
      const near = (target.closest(".voice") || sampleOf(target)).querySelector(".scope");
      seek(near, Math.max(0, (moments.get(sampleOf(target)) || 0) + step));
    } else if ((scope || target.classList.contains("play")) && turn) {
      event.preventDefault();
      const here = target.closest(".voice");
      const buttons = [...sampleOf(target).querySelectorAll(".play")];
      const from = scope && here ? here.querySelector(".play") : target;
      const to = nextVoice(buttons, from, turn);
      if (to) {
        to.focus();
        if (isOn()) play(to);
      }
    } else if (event.key === " " && !event.shiftKey && !target.closest("button, a, summary") && current) {
      event.preventDefault();
      play(current);
    }
  });

  function nextVoice(buttons, from, turn) {
    const way = from.textContent.trim();
    const own = from.closest(".voice");
    const voices = [...new Set(buttons.map((each) => each.closest(".voice")))];
    const voice = voices[voices.indexOf(own) + turn];
    if (!voice) return null;
    const found = buttons.filter((each) => each.closest(".voice") === voice);
    return found.find((each) => each.textContent.trim() === way) || found[0];
  }

  document.getElementById("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const now = root.dataset.theme || (dark ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
  });
})();
