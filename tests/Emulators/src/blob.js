// Starts Azurite's blob service on a free port of this machine, with nothing on disk, writes its address, and ends when standard input closes.

import { createRequire } from "node:module";

process.stdin.resume().on("end", () => process.exit(0));
process.argv.push("--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent");
createRequire(import.meta.url)("azurite/dist/src/blob/main.js");
