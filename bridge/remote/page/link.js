// The connection to the bridge: OSC over a WebSocket, the values last told, and answers.

import { decode, encode } from "./osc.js";
import { CLAMPED, ROOT } from "./table.js";

const SILENT_MS = 5000; // a heartbeat comes every second
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 4000;
const UNAUTHORIZED = 401;

/** What is followed at a rate of its own, in ms; all controls are followed anyway. */
const ALWAYS = [
  ["status/engine", 1000],
  ["status/connections", 1000],
  ["record/state", 250],
];
const WHILE_SEEN = [
  ["transport", 66],
  ["meter/in", 50],
  ["player/*/meter/out", 50],
  ["spectrum/*", 25],
];

export class Link {
  constructor() {
    this.known = new Map();
    this.followers = new Map();
    this.asked = [];
    this.asking = new Map();
    this.retry = FIRST_RETRY_MS;
    this.onState = () => {};
    this.onFailure = () => {};
    this.onNamespace = () => {};
    document.addEventListener("visibilitychange", () => this.followWhatIsSeen());
    setInterval(() => this.watch(), 1000);
  }

  /** Call `told(...values)` now, if known, and with every later value of a name. */
  follow(name, told) {
    if (!this.followers.has(name)) this.followers.set(name, new Set());
    this.followers.get(name).add(told);
    if (this.known.has(name)) told(...this.known.get(name));
    return () => this.followers.get(name).delete(told);
  }

  /** Return the first value last told of a name. */
  value(name) {
    return this.known.get(name)?.[0];
  }

  /** Set a control; its own followers here are told at once, others by the bridge. */
  set(name, value) {
    this.send(name, value);
    this.tell(name, [value]);
  }

  /** Send a message that needs no answer; a failure of it is shown. */
  send(name, ...values) {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.socket.send(encode(`${ROOT}/${name}`, values));
  }

  /** Run a command; return its replies, each the values of one, once it is done. */
  ask(name, ...values) {
    const before = this.asking.get(name) ?? Promise.resolve();
    const asking = before.catch(() => {}).then(() => this.askNow(name, values));
    this.asking.set(name, asking);
    return asking;
  }

  /** Ask what nothing else of the same name is being asked: replies do not tell them apart. */
  askNow(name, values) {
    return new Promise((resolve, reject) => {
      if (this.socket?.readyState !== WebSocket.OPEN) {
        reject(new Error("there is no connection to the bridge"));
        return;
      }
      this.asked.push({ name, replies: [], resolve, reject });
      this.send(name, ...values);
    });
  }

  open() {
    const socket = new WebSocket(`ws://${location.host}/`);
    let wasOpen = false;
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.heard = performance.now();
    socket.onopen = () => {
      wasOpen = true;
      this.retry = FIRST_RETRY_MS;
      this.send("register");
      this.send("dump");
      for (const [pattern, period] of ALWAYS) this.subscribe(pattern, period);
      this.seen = false;
      this.followWhatIsSeen();
      this.onState(true);
    };
    socket.onmessage = ({ data }) => this.receive(data);
    socket.onclose = () => {
      if (!wasOpen) askForCodeIfNeeded();
      this.closed(socket);
    };
  }

  closed(socket) {
    if (socket !== this.socket) return;
    this.socket = undefined;
    for (const { reject } of this.asked.splice(0)) reject(new Error("the connection is gone"));
    this.onState(false);
    setTimeout(() => this.open(), this.retry);
    this.retry = Math.min(2 * this.retry, LAST_RETRY_MS);
  }

  /** Give up a connection over which nothing comes, as after a phone has slept. */
  watch() {
    if (this.socket?.readyState === WebSocket.OPEN && performance.now() - this.heard > SILENT_MS) {
      this.socket.close();
      this.closed(this.socket);
    }
  }

  subscribe(pattern, period) {
    this.send("subscribe", `${ROOT}/${pattern}`, period);
  }

  followWhatIsSeen() {
    if (this.seen === !document.hidden) return;
    this.seen = !document.hidden;
    for (const [pattern, period] of WHILE_SEEN) {
      if (this.seen) this.subscribe(pattern, period);
      else this.send("unsubscribe", `${ROOT}/${pattern}`);
    }
  }

  receive(data) {
    this.heard = performance.now();
    if (typeof data === "string") this.onNamespace();
    else for (const { address, values } of decode(data)) this.message(address, values);
  }

  message(address, values) {
    const name = address.slice(ROOT.length + 1);
    if (name === "done") this.settle(values[0], ({ resolve, replies }) => resolve(replies));
    else if (name === "fail") this.failed(values);
    else if (!this.asked.some((each) => answers(each.name, name) && each.replies.push(values)))
      this.tell(name, values);
  }

  failed([address, code, text]) {
    if (code === CLAMPED) return; // the value that holds comes with it
    const isAnswer = this.settle(address, ({ reject }) => reject(new Error(text)));
    if (!isAnswer) this.onFailure(text);
  }

  settle(address, end) {
    const at = this.asked.findIndex(({ name }) => `${ROOT}/${name}` === address);
    if (at < 0) return false;
    end(this.asked.splice(at, 1)[0]);
    return true;
  }

  tell(name, values) {
    this.known.set(name, values);
    for (const told of this.followers.get(name) ?? []) told(...values);
  }
}

/** Begin anew with the page's door where a bridge that was started again wants another code. */
async function askForCodeIfNeeded() {
  const answer = await fetch("session").catch(() => undefined); // there is no bridge yet
  if (answer?.status === UNAUTHORIZED) location.reload();
}

/** Return whether a reply belongs to a command: it has its name, or another one of its own. */
function answers(command, reply) {
  return reply === command || (command === "midi/learn" && reply === "midi/learned");
}
