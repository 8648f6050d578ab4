import { writeBackendProject } from "./backend_project.ts";
import type { ProjectFixture } from "./project_fixture.ts";

/**
 * A backend that answers an event with its `id`, and does as the event says: `exit` ends its process, `fail` throws,
 * `wait` takes so many milliseconds, the longest of a batch; `hold` waits until there is a file of that path.
 */
const OBEDIENT_BACKEND = `import { InferenceBackend, type Records } from "packflow";

export class Backend extends InferenceBackend {
  override async execute(events: Records) {
    if (events.some(({ exit }) => exit === true)) Deno.exit(3);
    if (events.some(({ fail }) => fail === true)) throw new Error("as it was told");
    const ms = Math.max(...events.map(({ wait }) => Number(wait ?? 0)));
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
    for (const { hold } of events) if (hold !== undefined) await this.until(String(hold));
    return events.map(({ id }) => ({ id }));
  }

  private async until(file: string) {
    while (await Deno.stat(file).then(() => false, () => true)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
`;

/** The project "double" with that backend. */
export function writeObedientProject(): Promise<ProjectFixture> {
  return writeBackendProject({ "inference.ts": OBEDIENT_BACKEND, "golden.ndjson": "" });
}
