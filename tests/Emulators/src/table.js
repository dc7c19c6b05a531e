// Starts Azurite's table service on a free port of this machine, with nothing on disk, writes its address, and ends when standard input closes.

import { createRequire } from "node:module";
import { createServer } from "node:net";

/**
 * It tells the port that it was given, not the one that it got, so a free one is looked for here.
 * @returns {Promise<number>} A port that was free.
 */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
      probe.close(() => resolve(port));
    });
  });
}

process.stdin.resume().on("end", () => process.exit(0));
const port = await freePort();
process.argv.push("--tableHost", "127.0.0.1", "--tablePort", String(port), "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent");
const log = console.log;
console.log = (/** @type {unknown[]} */ ...parts) => log(String(parts[0]).includes("successfully") ? `http://127.0.0.1:${port}/` : parts.join(" "));
createRequire(import.meta.url)("azurite/dist/src/table/main.js");
