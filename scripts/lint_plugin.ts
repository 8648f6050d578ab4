/** Packflow's own lint rules, loaded by `deno lint` as deno.json says. */
import { errorMessage } from "./lint/error_message.ts";
import { maxLines, maxParams } from "./lint/limits.ts";
import { hostOnly, layers, thirdPartyInDeps } from "./lint/layers.ts";
import { noConsole, noDefaultExport, noExportStar } from "./lint/module_style.ts";

const plugin: Deno.lint.Plugin = {
  name: "packflow",
  rules: {
    "error-message": errorMessage,
    "host-only": hostOnly,
    "layers": layers,
    "max-lines": maxLines,
    "max-params": maxParams,
    "no-console": noConsole,
    "no-default-export": noDefaultExport,
    "no-export-star": noExportStar,
    "third-party-in-deps": thirdPartyInDeps,
  },
};
export default plugin;
