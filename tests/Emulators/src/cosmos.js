// Starts the emulator of Cosmos DB on a free port of this machine, writes its address, and ends when standard input closes.

import cosmos from "@vercel/cosmosdb-server";

const server = cosmos.createHttpServer({ keepAlive: true });
server.listen(0, "127.0.0.1", () => {
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(`http://127.0.0.1:${address.port}/`);
});
process.stdin.resume().on("end", () => process.exit(0));
