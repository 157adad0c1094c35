// scanic as a peer: `node scanic.mjs FOLDER-OF-THE-PACKAGE`; speaks as worker.py does. It draws on a canvas, for which
// the package @napi-rs/canvas lies beside it.
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const { createCanvas, ImageData } = createRequire(path.join(folder, "package.json"))("@napi-rs/canvas");
globalThis.ImageData = ImageData;
globalThis.document = { createElement: () => createCanvas(1, 1) };
for (const name of ["log", "warn", "info"]) console[name] = () => {};
const { Scanner } = await import(pathToFileURL(path.join(folder, "dist", "scanic.js")).href);
const scanner = new Scanner();
await scanner.initialize();

for await (const line of readline.createInterface({ input: process.stdin })) {
  const task = JSON.parse(line);
  const pixels = new Uint8ClampedArray(fs.readFileSync(task.raw));
  const image = new ImageData(pixels, task.width, task.height);
  const ms = [];
  const cpu_ms = [];
  let corners = null;
  for (let run = 0; run < task.repeat; run++) {
    const begin = performance.now();
    const used = process.cpuUsage();
    const found = await scanner.scan(image, { mode: "detect" });
    ms.push(performance.now() - begin);
    const { user, system } = process.cpuUsage(used);
    cpu_ms.push((user + system) / 1000);
    const { topLeft, topRight, bottomRight, bottomLeft } = found.corners ?? {};
    corners = found.success && topLeft ? [topLeft, topRight, bottomRight, bottomLeft].map(({ x, y }) => [x, y]) : null;
  }
  process.stdout.write(JSON.stringify({ corners, ms, cpu_ms }) + "\n");
}
