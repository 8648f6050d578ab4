/**
 * The checks of `deno task ok` that `deno lint` cannot do, as they look at more than one file.
 * Each takes the repository's folder and answers its problems.
 */
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { moduleGraph } from "./npm_cache.ts";
import { ROOT } from "./run_deno.ts";

/** Files of lib that hold code and have no test file of their own, or folders of such, each with the reason. */
const TESTED_ELSEWHERE: Readonly<Record<string, string>> = {
  "lib/bench/page_script.ts": "runs in a browser: tests/e2e/bench_page_test.ts looks at the page in one",
  "lib/bench/page_style.ts": "a text for browsers: tests/e2e/bench_page_test.ts looks at the page in one",
  "lib/bench/plot_library.ts": "made from npm:uplot: deno task ok:generated compares it",
  "lib/cli/answer_schema.ts": "needs a project: tests/e2e/schema_test.ts runs it as users do",
  "lib/cli/bench_command.ts": "options to call: tests/e2e/bench_test.ts runs it as users do",
  "lib/cli/bench_run.ts": "joins the parts of a measurement: tests/e2e/bench_test.ts runs it as users do",
  "lib/cli/completion_command.ts":
    "prints: tests/cli/completion_bash_test.ts, completion_zsh_test.ts and completion_fish_test.ts use what it prints",
  "lib/cli/create_questions.ts": "asks on a terminal: tests/e2e/create_questions_test.ts answers as users do",
  "lib/cli/create_command.ts":
    "options to call: tests/e2e/lifecycle_test.ts and bad_input_test.ts run it as users do",
  "lib/cli/diff_command.ts": "options to call: tests/e2e/packages_test.ts runs it as users do",
  "lib/cli/doctor_command.ts": "options to call: tests/e2e/usage_test.ts run it as users do",
  "lib/cli/environment.ts": "a list: scripts/check_docs.ts compares it with the code",
  "lib/cli/inspect_command.ts":
    "options to call: tests/e2e/lifecycle_test.ts and tampered_test.ts run it as users do",
  "lib/cli/keygen_command.ts": "options to call: tests/e2e/signing_test.ts runs it as users do",
  "lib/cli/man_command.ts": "prints: tests/cli/man_page_test.ts renders what it prints",
  "lib/cli/run_command.ts":
    "options to call: tests/e2e/models_test.ts, streams_test.ts and bad_input_test.ts run it as users do",
  "lib/cli/run_files.ts":
    "opens what options name: tests/e2e/streams_test.ts and tests/reliability run it as users do",
  "lib/cli/run_project.ts": "joins the parts of a run: tests/e2e and tests/reliability run it as users do",
  "lib/cli/schema_command.ts":
    "options to call: tests/e2e/usage_test.ts and schema_test.ts run it as users do",
  "lib/cli/serve_command.ts": "options to call: tests/e2e/serve_test.ts runs it as users do",
  "lib/cli/serve_projects.ts": "options to a server: tests/e2e/serve_test.ts runs it as users do",
  "lib/cli/sign_command.ts": "options to call: tests/e2e/signing_test.ts runs it as users do",
  "lib/cli/test_command.ts":
    "options to call: tests/e2e/lifecycle_test.ts, hooks_test.ts and tampered_test.ts run it as users do",
  "lib/cli/unpack_command.ts":
    "options to call: tests/e2e/lifecycle_test.ts and tampered_test.ts run it as users do",
  "lib/cli/validate_command.ts":
    "options to call: tests/e2e/lifecycle_test.ts and bad_input_test.ts run it as users do",
  "lib/cli/verify_command.ts":
    "options to call: tests/e2e/lifecycle_test.ts and tampered_test.ts run it as users do",
  "lib/isolate/launcher.ts": "only the compiled program has one: tests/isolate/isolation_test.ts starts it",
  "lib/isolate/wants_runtime.ts": "a hint: tests/isolate/worker_setup_test.ts asks for it",
  "lib/project/added_events.ts": "tests/project/test_project_test.ts adds good events and bad ones",
  "lib/project/write_golden_events.ts": "tests/project/test_project_test.ts updates and adds golden events",
  "lib/stream/ready_in_time.ts": "tests/stream/worker_pool_test.ts waits for workers that hang",
  "lib/onnx/tree_answers.ts": "a part of the session: tests/onnx/tree_session_test.ts asks ONNX Runtime",
  "lib/onnx/tree_ensemble.ts": "a part of the session: tests/onnx/tree_session_test.ts asks ONNX Runtime",
  "lib/onnx/tree_kernel.ts": "made from tree_kernel.wat: deno task ok:generated compares it",
  "lib/onnx/tree_machine.ts": "a part of the session: tests/onnx/tree_session_test.ts asks ONNX Runtime",
  "lib/onnx/tree_nodes.ts": "a part of the session: tests/onnx/tree_session_test.ts asks ONNX Runtime",
  "lib/backend/tensor_model.ts": "a model as it is: tests/oip/infer_processor_test.ts runs it",
  "lib/host/browser": "runs in a browser: tests/e2e/browser_test.ts has one run models with it",
  "lib/host/terminal_streams.ts": "two streams: tests/e2e/create_questions_test.ts asks and answers on them",
  "lib/host/http_server.ts":
    "listens: tests/serve/serve_test.ts and tests/reliability send it all kinds of requests",
  "lib/cli/run_kafka.ts": "opens topics: tests/e2e/kafka_test.ts runs it as users do",
  "lib/host/buffer.ts": "another view of the same bytes: every test against a broker sends some",
  "lib/host/file_tail.ts": "tests/stream/appending_sink_test.ts reads the ends of files with it",
  "lib/kafka/batch_builder.ts": "tests/kafka/record_page_test.ts reads what it has written",
  "lib/kafka/broker_calls.ts": "talks to brokers: tests/e2e/kafka_test.ts starts one",
  "lib/kafka/broker_client.ts": "talks to brokers: tests/e2e/kafka_test.ts starts one",
  "lib/kafka/broker_connections.ts": "talks to brokers: tests/e2e/kafka_test.ts starts one",
  "lib/kafka/byte_cursor.ts": "tests/kafka/record_page_test.ts reads batches with it",
  "lib/kafka/byte_slice.ts": "tests/kafka/record_page_test.ts copies values with it",
  "lib/kafka/client_fault.ts": "talks to brokers: tests/e2e/kafka_test.ts has one refuse",
  "lib/kafka/committer.ts": "tests/kafka/kafka_source_test.ts commits with it",
  "lib/kafka/consumer_group.ts": "tests/kafka/kafka_source_test.ts takes part in a group with it",
  "lib/kafka/fetch_answer.ts": "talks to brokers: tests/e2e/kafka_test.ts starts one",
  "lib/kafka/group_offsets.ts": "tests/kafka/kafka_source_test.ts commits with it",
  "lib/kafka/kafka_fault.ts":
    "tests/kafka/kafka_source_test.ts and kafka_producer_test.ts have all kinds of them",
  "lib/kafka/key_field.ts": "tests/kafka/kafka_sink_test.ts takes keys from answers",
  "lib/kafka/open_kafka.ts": "talks to brokers: tests/e2e/kafka_test.ts starts one",
  "lib/kafka/origin_header.ts": "tests/kafka/kafka_sink_test.ts compares every digit",
  "lib/kafka/outage.ts": "tests/kafka/kafka_source_test.ts and kafka_producer_test.ts have some",
  "lib/kafka/page_cutter.ts": "tests/kafka/record_ledger_test.ts cuts pages with it",
  "lib/kafka/page_fetcher.ts": "tests/kafka/kafka_source_test.ts fetches with it",
  "lib/kafka/partition_state.ts": "tests/kafka/record_ledger_test.ts sees it move on",
  "lib/kafka/produce_answer.ts": "talks to brokers: tests/e2e/kafka_test.ts starts one",
  "lib/kafka/protocol_errors.ts": "talks to brokers: tests/e2e/kafka_test.ts has one refuse",
  "lib/kafka/record_batches.ts": "tests/kafka/record_page_test.ts reads batches with it",
  "lib/oip/datatypes.ts": "tests/oip/infer_processor_test.ts sends it good requests and bad ones",
  "lib/oip/describe.ts": "tests/oip/infer_processor_test.ts sends it good requests and bad ones",
  "lib/oip/infer_request.ts": "tests/oip/infer_processor_test.ts sends it good requests and bad ones",
  "lib/oip/infer_response.ts": "tests/oip/infer_processor_test.ts sends it good requests and bad ones",
  "lib/oip/tensor_reader.ts": "tests/oip/infer_processor_test.ts sends it good requests and bad ones",
  "lib/oip/tensor_runs.ts": "tests/oip/infer_processor_test.ts sends it good requests and bad ones",
  "lib/serve/cross_origin.ts": "tests/serve/serve_test.ts asks a server as clients do",
  "lib/serve/exchange.ts": "tests/serve/serve_test.ts asks a server as clients do",
  "lib/serve/infer_route.ts": "tests/serve/serve_test.ts asks a server as clients do",
  "lib/serve/invocations.ts": "tests/serve/serve_test.ts asks a server as clients do",
  "lib/serve/listen.ts": "tests/serve/serve_test.ts and tls_test.ts listen, and where they cannot",
  "lib/serve/metric_set.ts": "tests/serve/run_metrics_test.ts and serve_test.ts read what it tells",
  "lib/serve/metrics.ts": "tests/serve/serve_test.ts asks a server as clients do",
  "lib/serve/read_body.ts": "tests/serve/serve_test.ts asks a server as clients do",
  "lib/serve/request_id.ts": "tests/serve/serve_test.ts asks a server as clients do",
  "lib/serve/request_log.ts": "tests/serve/serve_test.ts asks a server as clients do",
  "lib/serve/routes.ts": "tests/serve/serve_test.ts asks a server as clients do",
  "lib/serve/served_project.ts": "tests/serve/serve_test.ts asks a server as clients do",
  "lib/serve/job.ts": "tests/serve/job_queue_test.ts parts and joins jobs",
  "lib/serve/run_jobs.ts": "tests/serve/dispatcher_test.ts runs batches through it, with workers that fail",
  "lib/serve/run_records.ts":
    "tests/serve/dispatcher_test.ts runs batches through it, with workers that fail",
  "lib/serve/worker_place.ts":
    "tests/serve/dispatcher_test.ts runs batches through it, with workers that fail",
  "lib/serve/run_tensors.ts": "tests/serve/serve_test.ts and tests/isolate/tensor_answers_test.ts",
  "lib/serve/telemetry.ts": "tests/reliability runs a collector that it exports to",
};

/** Every file of lib with code is mirrored by a test file, or the list above says why not. */
export async function mirror(root: string, elsewhere = TESTED_ELSEWHERE): Promise<string[]> {
  const problems: string[] = [];
  for (const file of await filesIn(root, "lib")) {
    // those files only name a library's exports
    if (file.startsWith("lib/deps/")) continue;
    const test = file.replace(/^lib\//, "tests/").replace(/\.ts$/, "_test.ts");
    const isTested = await exists(join(root, test));
    if (isTested && file in elsewhere) problems.push(`${file} has ${test}: take it off TESTED_ELSEWHERE`);
    if (isTested || Object.keys(elsewhere).some((path) => file === path || file.startsWith(`${path}/`))) {
      continue;
    }
    if (!hasCode(await Deno.readTextFile(join(root, file)))) continue;
    problems.push(`${file} has no ${test}`);
  }
  for (const path of Object.keys(elsewhere)) {
    if (!await exists(join(root, path))) problems.push(`${path} of TESTED_ELSEWHERE does not exist`);
  }
  return problems;
}

/** Whether a module exports anything that is there at run time. */
function hasCode(source: string): boolean {
  return /^export (async |abstract )*(function|class|const|let|enum) /m.test(source);
}

/** Every code of lib/base/error_codes.ts is used. That no other is used, the type checker sees to. */
export async function errorCodes(root: string): Promise<string[]> {
  const home = "lib/base/error_codes.ts";
  const codes = (await Deno.readTextFile(join(root, home))).matchAll(/^ {2}"([^"]+)": \{/gm);
  const files = (await filesIn(root, "lib")).filter((file) => file !== home);
  const sources = await Promise.all(files.map((file) => Deno.readTextFile(join(root, file))));
  const unused = [...codes].map(([, code]) => `"${code}"`).filter((code) =>
    !sources.some((text) => text.includes(code))
  );
  return unused.map((code) => `${code} is never thrown`);
}

/** Every npm: name that is imported says one exact version. */
export async function exactPins(root: string): Promise<string[]> {
  const problems: string[] = [];
  for (const folder of ["lib", "scripts", "tests/helpers", "templates", ""]) {
    for (const file of await filesIn(root, folder)) {
      const text = await Deno.readTextFile(join(root, file));
      for (const [, name] of text.matchAll(/(?:\bfrom|\bimport|\bimport\(|":)\s*["']npm:([^"']+)["']/g)) {
        if (!/^\/?(@[^/]+\/)?[^@/]+@\d+\.\d+\.\d+(-[\w.]+)?(\/.*)?$/.test(name ?? "")) {
          problems.push(`${file} imports npm:${name} without an exact version`);
        }
      }
    }
  }
  return problems;
}

/** No module of the product needs itself through others, types and imports on first use aside. */
export async function cycles(root: string): Promise<string[]> {
  const graphs = await Promise.all(["cli.ts", "mod.ts"].map((entry) => moduleGraph(entry, { cwd: root })));
  const imports = new Map(
    graphs.flatMap(({ modules }) => modules).map(({ specifier, dependencies = [] }) => [
      specifier,
      dependencies.filter(({ isDynamic }) => isDynamic !== true).flatMap(({ code }) => code?.specifier ?? []),
    ]),
  );
  return findCycles(imports).map((path) => path.map((url) => relative(root, pathOf(url))).join(" -> "));
}

/** The cycles of a graph that a walk from every node meets, each from its first node back to it. */
export function findCycles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const walk = (node: string, path: readonly string[]) => {
    const start = path.indexOf(node);
    if (start >= 0) found.push([...path.slice(start), node]);
    if (start >= 0 || done.has(node)) return;
    for (const next of edges.get(node) ?? []) walk(next, [...path, node]);
    done.add(node);
  };
  for (const node of edges.keys()) walk(node, []);
  return found;
}

/** The text files of a folder and below, the folder "" without what is below it, sorted. */
async function filesIn(root: string, folder: string): Promise<string[]> {
  const files: string[] = [];
  if (!await exists(join(root, folder))) return files;
  for await (const { name, isDirectory } of Deno.readDir(join(root, folder))) {
    const path = folder === "" ? name : `${folder}/${name}`;
    // generated from files that are checked
    if (path === "templates/sdk") continue;
    if (isDirectory && folder !== "") files.push(...await filesIn(root, path));
    else if (/\.(ts|js|jsonc?)$/.test(name)) files.push(path);
  }
  return files.sort();
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

function pathOf(url: string): string {
  return url.startsWith("file:") ? fileURLToPath(url) : url;
}

if (import.meta.main) {
  for (const check of [mirror, errorCodes, exactPins, cycles]) {
    const problems = await check(ROOT);
    console.log(`${problems.length === 0 ? "ok" : "FAILED"} ${check.name}`);
    for (const problem of problems) console.log(`  ${problem}`);
    if (problems.length > 0) Deno.exitCode = 1;
  }
}
