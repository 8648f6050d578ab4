/** Turns TypeScript into JavaScript, as wasm: https://swc.rs (Apache-2.0). Loaded on first use only. */
import swc from "npm:@swc/wasm-typescript@1.16.2";

export const transformSync = swc.transformSync;
