/** YAML, only to read the golden vectors of the original's packflow.yaml: https://eemeli.org/yaml (ISC). */
export { parse as parseYaml } from "npm:yaml@2.9.1";
