// The load generator, in a process of its own so that a busy cluster cannot hide a failed request: a steady rate over
// kept-alive connections. Its parent asks for the counts; it ends with its parent.
import autocannon from "autocannon";

const [url = "", connections = "10", rate = "250"] = process.argv.slice(2);

const counts = { requests: 0, failed: 0 };
const options = { url, connections: Number(connections), overallRate: Number(rate), duration: 3_600, timeout: 10 };
const load = autocannon(options, () => process.send?.(counts, () => process.disconnect()));
load.on("response", (_client, status) => {
  counts.requests += 1;
  if (status < 200 || status > 299) counts.failed += 1;
});
// A connection that broke before its answer came: the request is lost.
load.on("reqError", () => {
  counts.requests += 1;
  counts.failed += 1;
});

process.on("message", (message) => {
  if (message === "stop") load.stop();
  else process.send?.(counts);
});
process.on("disconnect", () => process.exit(0));
