/** Deflate whose bytes do not depend on the runtime, a port of zlib: https://github.com/nodeca/pako (MIT and Zlib). */
export { Deflate, Z_SYNC_FLUSH } from "npm:pako@3.0.3";
