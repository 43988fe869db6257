// Letting browsers in: the code that a browser of the room gives, and the one shown to it.

import { by, make, say } from "./dom.js";

/** Wait until this browser is let in: at once on the bridge's own machine. */
export async function letIn() {
  const code = location.hash.slice(1);
  if (code) history.replaceState(null, "", location.pathname);
  if (code && (await join(code))) return;
  if ((await fetch("session")).ok) return;
  const form = by("door");
  form.hidden = false;
  by("stage").hidden = true;
  by("code").focus();
  await new Promise((resolve) => {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (await join(by("code").value)) resolve();
    });
  });
  form.hidden = true;
  by("stage").hidden = false;
}

async function join(code) {
  const answer = await fetch("join", { headers: { "X-Liveband-Code": code } });
  if (!answer.ok) by("door-problem").textContent = await answer.text();
  return answer.ok;
}

/** Let the bridge's own page show how another browser gets in. */
export function showInvitation() {
  const dialog = by("invitation");
  by("invite").addEventListener("click", async () => {
    const answer = await fetch("invitation");
    if (!answer.ok) {
      say(await answer.text(), "problem");
      return;
    }
    const { links, code, picture } = await answer.json();
    const body = by("invitation-body");
    if (!links.length) {
      body.replaceChildren(make("p", {}, "Start liveband with --remote-bind 0.0.0.0 to let phones in."));
    } else {
      body.replaceChildren(
        make("img", { src: picture, alt: `QR code of ${links[0]} with the code`, width: 240, height: 240 }),
        make("p", {}, links.join(" or ")),
        make("p", {}, "Code ", make("b", {}, code), ", for one browser; press again for the next."),
      );
    }
    dialog.showModal();
  });
  by("invitation-close").addEventListener("click", () => dialog.close());
}
