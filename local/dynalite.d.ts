/** dynalite ships no types: the part that we use. */
declare module "dynalite" {
  import type { Server } from "node:http";

  /** A server that is not listening yet, with its tables in memory; times are how long a table stays CREATING and so on. */
  function dynalite(options: {
    readonly createTableMs: number;
    readonly deleteTableMs: number;
    readonly updateTableMs: number;
  }): Server;
  export = dynalite;
}
