/** What stands for `Deno` in Node, so that it lies in Deno's cache: https://github.com/denoland/node_shims (MIT). */
// its own types bring those of Node, which differ from Deno's
// @ts-types="./shim_deno.d.ts"
export { Deno as shim } from "npm:@deno/shim-deno@0.19.2";
