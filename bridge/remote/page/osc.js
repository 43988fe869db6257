// OSC 1.0 packets: messages with the types i, f and s, and bundles.

const text = new TextEncoder();
const words = new TextDecoder();

/** Return a message as a packet; whole numbers go out as ints. */
export function encode(address, values) {
  const tags = "," + values.map(tagOf).join("");
  const head = [padded(address), padded(tags)];
  const data = values.map((value) => (typeof value === "string" ? padded(value) : number(value)));
  const parts = [...head, ...data];
  const packet = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    packet.set(part, at);
    at += part.length;
  }
  return packet;
}

/** Return the messages of a packet in order, each `{address, values}`. */
export function decode(packet) {
  const view = new DataView(packet);
  return element(view, 0, view.byteLength);
}

function element(view, start, end) {
  const [address, afterAddress] = string(view, start);
  if (address !== "#bundle") return [{ address, values: values(view, afterAddress, end) }];
  const messages = [];
  for (let at = afterAddress + 8; at < end; ) {
    const size = view.getInt32(at);
    messages.push(...element(view, at + 4, at + 4 + size));
    at += 4 + size;
  }
  return messages;
}

function values(view, start, end) {
  if (start >= end) return [];
  let [tags, at] = string(view, start);
  return [...tags.slice(1)].map((tag) => {
    if (tag === "s") {
      const [value, after] = string(view, at);
      at = after;
      return value;
    }
    at += 4;
    return tag === "i" ? view.getInt32(at - 4) : view.getFloat32(at - 4);
  });
}

function string(view, start) {
  let end = start;
  while (view.getUint8(end) !== 0) end += 1;
  const bytes = new Uint8Array(view.buffer, view.byteOffset + start, end - start);
  return [words.decode(bytes), end + 4 - ((end - start) % 4)];
}

function tagOf(value) {
  if (typeof value === "string") return "s";
  return Number.isInteger(value) ? "i" : "f";
}

function number(value) {
  const bytes = new DataView(new ArrayBuffer(4));
  if (Number.isInteger(value)) bytes.setInt32(0, value);
  else bytes.setFloat32(0, value);
  return new Uint8Array(bytes.buffer);
}

function padded(value) {
  const bytes = text.encode(value);
  const whole = new Uint8Array(bytes.length + 4 - (bytes.length % 4));
  whole.set(bytes);
  return whole;
}
