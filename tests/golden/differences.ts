/**
 * Every case of the golden vectors in which we differ from the original on purpose, or which has no counterpart here.
 * One list per file of cases, each in its own file of `differences/`; {@linkcode runParity} of `parity.ts` checks them.
 */
export { backendCallDifferences } from "./differences/backend_call.ts";
export { configHierarchyDifferences } from "./differences/config_hierarchy.ts";
export { exportSelectionDifferences } from "./differences/export_selection.ts";
export { loadersDifferences } from "./differences/loaders.ts";
export { packflowYamlDifferences } from "./differences/packflow_yaml.ts";
export { passthroughDifferences } from "./differences/passthrough_preprocessor.ts";
export { recordsDifferences } from "./differences/records_preprocessor.ts";
export { tensorDifferences } from "./differences/numpy_preprocessor.ts";
export { utilsDifferences } from "./differences/utils.ts";
export { validateIoDifferences } from "./differences/validate_io.ts";
