/** CSV: https://d3js.org/d3-dsv (ISC). Exact on any number of fields, lenient on quotes: check those before. */
// @ts-types="npm:@types/d3-dsv@3.0.7"
export { dsvFormat } from "npm:d3-dsv@3.0.2";
