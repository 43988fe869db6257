// Scrolling spectrograms: one column a hop is drawn into a ring, and the ring is shown in two parts.
// Between two columns the compositor moves the picture, so that it glides without the script.

import { nextFrame } from "./dom.js";

const COLUMNS = 300; // 15 s
const HOP_MS = 50;
const BANDS = 32;
const FIRST = "0".charCodeAt(0);
const STEPS = 63;
const GLIDE = [{ transform: "none" }, { transform: `translateX(${-100 / COLUMNS}%)` }];

/** Show the reading `name` on a canvas; newest at the right. */
export function spectrogram(link, name, canvas, hue) {
  const colours = palette(hue);
  const ring = new OffscreenCanvas(COLUMNS, BANDS);
  const paint = ring.getContext("2d", { alpha: false });
  const column = paint.createImageData(1, BANDS);
  const pixels = new Uint32Array(column.data.buffer);
  const screen = canvas.getContext("2d", { alpha: false });
  canvas.width = COLUMNS;
  canvas.height = BANDS;
  const glide = canvas.animate(GLIDE, { duration: HOP_MS, fill: "forwards" });
  let last;

  const draw = () => {
    const newest = (last + 1) % COLUMNS;
    screen.drawImage(ring, -newest, 0);
    screen.drawImage(ring, COLUMNS - newest, 0);
    glide.currentTime = 0;
    glide.play();
  };

  link.follow(name, (hop, bands) => {
    if (bands.length !== BANDS) return;
    for (let band = 0; band < BANDS; band += 1) {
      pixels[BANDS - 1 - band] = colours[Math.min(STEPS, bands.charCodeAt(band) - FIRST)];
    }
    const missed = last === undefined || hop < last ? 1 : Math.min(hop - last, COLUMNS);
    for (let back = 0; back < missed; back += 1) {
      paint.putImageData(column, (hop - back) % COLUMNS, 0);
    }
    last = hop;
    nextFrame(canvas, draw);
  });
}

/** Return the colour of each step, from the dark of the page to a light hue. */
function palette(hue) {
  const swatch = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  return Uint32Array.from({ length: STEPS + 1 }, (_, step) => {
    const loud = Math.max(0, (step - 14) / (STEPS - 20));
    swatch.fillStyle = `hsl(${hue - 30 * loud} 75% ${Math.min(88, 85 * loud ** 1.4)}%)`;
    swatch.fillRect(0, 0, 1, 1);
    return new Uint32Array(swatch.getImageData(0, 0, 1, 1).data.buffer)[0];
  });
}
