import { validateIoDifferences } from "./differences.ts";
import { buildFixture } from "./fixture_backends.ts";
import { runParity } from "./parity.ts";

Deno.test("checkIo acts as the original's check_io", () =>
  runParity({
    file: "validate_io",
    adapter: async (test) => {
      const backend = await buildFixture(test.raw.backend, test.raw.backend_arg, test.config as never);
      return await backend.checkIo(test.input);
    },
    differences: validateIoDifferences,
    // The pipeline itself refuses wrong containers and counts, so these errors come from it.
    errorClasses: { validation_error: ["check", "event", "backend"] },
  }));
