/** `packflow serve` as users start it, from source and as the binary. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { writeBackendProject } from "../helpers/backend_project.ts";
import { programs } from "../helpers/packflow_run.ts";
import { PackflowServe } from "../helpers/packflow_serve.ts";

for (const program of await programs()) {
  Deno.test(`${program.name}: a project is served until a signal ends it, with 0`, async () => {
    await using project = await writeBackendProject();
    await using server = await PackflowServe.ready(program, [project.folder]);
    deepStrictEqual(JSON.parse((await server.post("/invocations", '{"x":21}')).text), { y: 42 });
    strictEqual((await server.get("/")).status, 200);
    strictEqual(JSON.parse((await server.get("/openapi.json")).text).openapi, "3.1.1");
    match((await server.get("/metrics")).text, /packflow_records_in_total\{model="double"\} 1\n/);
    server.signal("SIGTERM");
    const { code, errors } = await server.ended;
    strictEqual(code, 0, errors);
  });

  Deno.test(`${program.name}: a token in a file or the environment is asked for`, async () => {
    await using project = await writeBackendProject({ "token.txt": "from-a-file\n" });
    const askedFor = async (server: PackflowServe, token: string) => {
      strictEqual((await server.get("/v2/models")).status, 401);
      const response = await fetch(`${server.url}/v2/models`, {
        headers: { authorization: `Bearer ${token}` },
      });
      await response.body?.cancel();
      strictEqual(response.status, 200);
    };
    const { folder } = project;
    await using byFile = await PackflowServe.ready(program, [folder, "--token-file", `${folder}/token.txt`]);
    await askedFor(byFile, "from-a-file");
    await using byName = await PackflowServe.ready(program, [folder], { PACKFLOW_TOKEN: "from-a-variable" });
    await askedFor(byName, "from-a-variable");
  });

  Deno.test(`${program.name}: what cannot be served ends with the code that says why`, async () => {
    await using project = await writeBackendProject();
    await using server = await PackflowServe.ready(program, [project.folder]);
    const cases: [args: string[], code: number, says: RegExp][] = [
      [[project.folder, "--tls-cert", "x.pem"], 2, /--tls-key/],
      [[`${project.folder}/none`], 4, /project\.not_found/],
      [[project.folder, "--port", String(server.port)], 6, /serve\.listen_failed/],
      [[project.folder, "--token-file", `${project.folder}/none`], 2, /usage\.invalid/],
    ];
    for (const [args, code, says] of cases) {
      const { stderr, ...ended } = await new Deno.Command(program.path, {
        args: [...program.args, "serve", "--port", "0", ...args],
        env: { NO_COLOR: "1" },
      }).output();
      match(new TextDecoder().decode(stderr), says);
      strictEqual(ended.code, code);
    }
  });
}
