/** That a server answers as its own description, openapi.json, says: every route, every example. */
import assert from "node:assert/strict";
import { isObject } from "../../lib/base/json.ts";
import { createProject } from "../../lib/project/create_project.ts";
import { serve } from "../../lib/serve/serve.ts";
import type { ServeOptions } from "../../lib/serve/serve_options.ts";
import { openApiProblems, schemaProblems } from "../helpers/openapi.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

const OPTIONS: Omit<ServeOptions, "projects"> = {
  host: "127.0.0.1",
  port: 0,
  workers: 1,
  maxBatch: 256,
  maxWaitMs: 0,
  maxQueue: 1000,
  deadlineMs: 30_000,
  bodyLimit: 100_000,
  drainMs: 10_000,
  sandbox: { mode: "off" },
  log: "none",
};

Deno.test("answers every route of its description in one of the forms that this names", async () => {
  await using folder = await tempFolder();
  const logins = await createProject({ name: "logins", parent: folder.path });
  const phishing = await createProject({ name: "phishing", parent: folder.path, template: "onnx" });
  const server = await serve({ ...OPTIONS, projects: [logins.folder, phishing.folder] });
  try {
    const description: Record<string, unknown> = await (await fetch(`${server.url}/openapi.json`)).json();
    assert.deepEqual(await openApiProblems(description), []);
    const seen: Record<string, number[]> = {};
    for (const request of requestsOf(description)) {
      const response = await fetch(server.url + request.path, request.init);
      const problems = await answerProblems(description, request, response);
      assert.deepEqual(problems, [], `${request.init.method} ${request.path} ${request.init.body ?? ""}`);
      (seen[request.path] ??= []).push(response.status);
    }
    for (const name of ["logins", "phishing"]) {
      // an event, a batch, what is no JSON, and what does not fit
      const events = name === "logins" ? [200, 200, 400, 500] : [200, 200, 400, 422];
      assert.deepEqual(seen[`/models/${name}/invocations`], events);
      for (const path of [`/v2/models/${name}/infer`, `/v2/models/${name}/versions/0.1.0/infer`]) {
        assert.deepEqual(seen[path], [200, 400, 400]);
      }
    }
    assert.equal(Object.keys(seen).length, Object.keys(Object(description.paths)).length);
  } finally {
    await server.close();
  }
});

/** A request that the description shows how to make, or a bad one. */
interface Request {
  readonly path: string;
  readonly pointer: string;
  readonly init: RequestInit;
}

function requestsOf({ paths }: Record<string, unknown>): Request[] {
  return Object.entries(Object(paths)).flatMap(([path, item]) =>
    Object.entries(Object(item)).flatMap(([method, operation]) => {
      const pointer = `/paths/${path.replaceAll("~", "~0").replaceAll("/", "~1")}/${method}`;
      return bodiesOf(operation).map((body) => ({
        path,
        pointer,
        init: { method: method.toUpperCase(), ...(body === undefined ? {} : { body }) },
      }));
    })
  );
}

/** The examples of an operation's body, and what must be refused; one body that is none for an operation without. */
function bodiesOf(operation: unknown): (string | undefined)[] {
  if (!isObject(operation) || !isObject(operation.requestBody)) return [undefined];
  const content = Object(operation.requestBody.content)["application/json"];
  const examples = Object.values(Object(content.examples)).map((example) => Object(example).value);
  const all = content.example === undefined ? examples : [...examples, content.example];
  assert.ok(all.length > 0, "every operation with a body shows an example");
  return [...all.map((example) => JSON.stringify(example)), "{", "{}"];
}

/** What is wrong with an answer by the description. */
async function answerProblems(
  description: Record<string, unknown>,
  { pointer }: Request,
  response: Response,
): Promise<string[]> {
  const text = await response.text();
  let answer = at(description, `${pointer}/responses/${response.status}`);
  let place = `${pointer}/responses/${response.status}`;
  if (isObject(answer) && typeof answer.$ref === "string") {
    place = answer.$ref.slice(1);
    answer = at(description, place);
  }
  if (!isObject(answer)) return [`status ${response.status} is not described: ${text}`];
  const [type = ""] = (response.headers.get("content-type") ?? "").split(";");
  if (!isObject(answer.content) || !(type in answer.content)) return [`type "${type}" is not described`];
  if (type !== "application/json") return [];
  return schemaProblems(description, `${place}/content/application~1json/schema`, JSON.parse(text));
}

function at(description: unknown, pointer: string): unknown {
  const names = pointer.slice(1).split("/").map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
  return names.reduce<unknown>((value, name) => isObject(value) ? value[name] : undefined, description);
}
