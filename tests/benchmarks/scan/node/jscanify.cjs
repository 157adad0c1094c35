// jscanify as a peer: `node jscanify.cjs FOLDER-OF-THE-PACKAGE`; speaks as worker.py does.
const fs = require("node:fs");
const path = require("node:path");
const readline = require("node:readline");

const folder = process.argv[2];
// opencv.js tells of its start on standard output, which belongs to the answers.
console.log = () => {};
const cv = require(path.join(folder, "src", "opencv.js"));
const Scanner = require(path.join(folder, "src", "jscanify.js"));

function find(scanner, image) {
  const contour = scanner.findPaperContour(image);
  if (!contour) return null;
  const found = scanner.getCornerPoints(contour);
  const corners = [found.topLeftCorner, found.topRightCorner, found.bottomRightCorner, found.bottomLeftCorner];
  return corners.every(Boolean) ? corners.map(({ x, y }) => [x, y]) : null;
}

async function main() {
  global.cv = cv;
  const scanner = new Scanner();
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const task = JSON.parse(line);
    const image = new cv.Mat(task.height, task.width, cv.CV_8UC4);
    image.data.set(fs.readFileSync(task.raw));
    const ms = [];
    const cpu_ms = [];
    let corners = null;
    for (let run = 0; run < task.repeat; run++) {
      const begin = performance.now();
      const used = process.cpuUsage();
      corners = find(scanner, image);
      ms.push(performance.now() - begin);
      const { user, system } = process.cpuUsage(used);
      cpu_ms.push((user + system) / 1000);
    }
    image.delete();
    process.stdout.write(JSON.stringify({ corners, ms, cpu_ms }) + "\n");
  }
}

if (cv.Mat) main();
else cv.onRuntimeInitialized = main;
