import { type ProjectFixture, writeProject } from "./project_fixture.ts";

/** What a project with a TypeScript backend is made of, unless a test says otherwise. */
export const DOUBLE_BACKEND = `import { InferenceBackend, type Records } from "packflow";

export class Backend extends InferenceBackend {
  override execute(events: Records) {
    return events.map((event) => ({ y: 2 * Number(event.x) }));
  }
}
`;

/** A project that doubles `x` into `y`, with two golden events; `files` adds to it or replaces. */
export function writeBackendProject(files: Readonly<Record<string, string>> = {}): Promise<ProjectFixture> {
  return writeProject({
    "packflow.jsonc": '{ "name": "double", "description": "Doubles", "maintainers": ["ada"] }',
    "inference.ts": DOUBLE_BACKEND,
    "golden.ndjson": '{"input": {"x": 1}, "output": {"y": 2}}\n{"input": {"x": 2}, "output": {"y": 4}}\n',
    "README.md": "Doubles",
    "MODEL_CARD.md": "Doubles",
    "LICENSE": "None",
    ...files,
  });
}

/** A backend whose `execute` has this body; it may use `events` and `this`. */
export function backendWith(body: string): string {
  return `import { InferenceBackend, type Records } from "packflow";
export class Backend extends InferenceBackend {
  count = 0;
  override execute(events: Records) {
    ${body}
  }
}
`;
}
