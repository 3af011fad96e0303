// A small HTTP server: answers every request with its version and its task's number, and stops when it is asked to.
import { createServer } from "node:http";

const { HOST = "127.0.0.1", PORT = "8080", VERSION = "v1", HEALTH_STATUS = "200", LATENCY_MS = "0" } = process.env;

const server = createServer((request, response) => {
  if (request.url === "/health") response.writeHead(Number(HEALTH_STATUS)).end();
  else setTimeout(() => response.end(`hello from ${VERSION} on port ${PORT}\n`), Number(LATENCY_MS));
});
server.keepAliveTimeout = 5_000;
server.listen(Number(PORT), HOST, () => console.log(`${VERSION} listens on port ${PORT}`));

// The load balancer sends nothing new by now: requests in flight end, idle connections close.
process.on("SIGTERM", () => {
  console.log("asked to stop: requests in flight end first");
  server.close(() => process.exit(0));
});
