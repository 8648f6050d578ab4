/** Version ranges as npm reads them: https://github.com/npm/node-semver (ISC). Loaded on first use only. */
// @ts-types="npm:@types/semver@7.7.1"
export { satisfies, validRange } from "npm:semver@7.8.6";
