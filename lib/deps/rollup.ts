/** Bundles ES modules, pure JavaScript and wasm: https://rollupjs.org (MIT). Loaded on first use only. */
export { type Plugin, rollup, type RollupError, type SourceMap } from "npm:@rollup/browser@4.64.10";
