import packflow from "../../deno.json" with { type: "json" };

/** The version of Packflow, as deno.json states it. */
export const VERSION: string = packflow.version;
