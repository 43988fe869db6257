// What `liveband doctor` finds on the bridge's machine: a tick or a cross for each, and its remedy.

import { by, make, say } from "./dom.js";

const ACCEPTED = 202; // it takes longer; ask again

/** Let a button check the machine and list what was found. */
export function checkOnDemand() {
  by("examine").addEventListener("click", async ({ currentTarget: key }) => {
    key.disabled = true;
    say("Checking the machine.");
    try {
      show(await findings());
    } catch (error) {
      say(error.message, "problem");
    } finally {
      key.disabled = false;
    }
  });
}

async function findings() {
  let answer;
  do answer = await fetch("doctor");
  while (answer.status === ACCEPTED);
  if (!answer.ok) throw new Error((await answer.text()) || "The check failed; see the bridge's log.");
  return answer.json();
}

function show(found) {
  const crosses = found.filter(({ good }) => !good).length;
  by("findings").replaceChildren(...found.map(lineOf));
  say(crosses ? `${crosses} to mend, below Health.` : "All is well.");
}

function lineOf({ name, good, text, mend }) {
  const sign = make("b", { class: good ? "tick" : "cross" }, good ? "✓" : "✗");
  const line = make("li", {}, sign, ` ${name}: ${text}`);
  if (mend) line.append(make("code", {}, mend));
  return line;
}
