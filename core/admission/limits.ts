/** Bytes of one command, as UTF-8. */
export const maxCommandBytes = 64 * 1024;

/** Bytes of a manifest file, which may hold several documents; each is admitted by itself. */
export const maxFileBytes = 256 * 1024;

/** Maps and lists within each other, the document itself counted. */
export const maxDepth = 32;

/** Values in a document: maps, lists and scalars, each counted. */
export const maxNodes = 10_000;

/** Bytes of one string or key, as UTF-8. */
export const maxTextBytes = 4 * 1024;

/** Issues that a refusal reports; when there are more, the last says how many. */
export const maxIssues = 100;

/** Keys that reach an object's prototype in careless code: refused wherever they stand. */
export const refusedKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
