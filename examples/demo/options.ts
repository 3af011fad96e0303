/** The last line of stdout is to be one JSON object. */
export const asJson = process.argv.includes("--json");

/** ECS's events reach the product; without them the sweep alone finds what changed. */
export const withEvents = !process.argv.includes("--no-events");
