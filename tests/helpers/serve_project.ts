import { writeBackendProject } from "./backend_project.ts";
import type { ProjectFixture } from "./project_fixture.ts";

/**
 * A backend that answers an event with its `id`, and does as the event says: `exit` ends its process, `fail` throws,
 * `wait` takes so many milliseconds. Of a batch the longest wait counts.
 */
const OBEDIENT_BACKEND = `import { InferenceBackend, type Records } from "packflow";

export class Backend extends InferenceBackend {
  override async execute(events: Records) {
    if (events.some(({ exit }) => exit === true)) Deno.exit(3);
    if (events.some(({ fail }) => fail === true)) throw new Error("as it was told");
    const ms = Math.max(...events.map(({ wait }) => Number(wait ?? 0)));
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
    return events.map(({ id }) => ({ id }));
  }
}
`;

/** The project "double" with that backend. */
export function writeObedientProject(): Promise<ProjectFixture> {
  return writeBackendProject({ "inference.ts": OBEDIENT_BACKEND, "golden.ndjson": "" });
}
