/** YAML, to read the golden vectors of the original and the docs: https://eemeli.org/yaml (ISC). */
export { parse as parseYaml } from "npm:yaml@2.9.1";
