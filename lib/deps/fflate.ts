/** Deflate and gzip whose bytes do not depend on the runtime: https://github.com/101arrowz/fflate (MIT). */
export { Gunzip, Gzip } from "npm:fflate@0.8.3";
