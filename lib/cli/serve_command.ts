import { withSandboxOptions } from "./sandbox_options.ts";
import { Command, Option } from "../deps/commander.ts";
import type { Finish } from "./commands.ts";
import { examples, PROJECT_HELP, wholeNumber } from "./options.ts";
import { withTrustOptions } from "./trust_options.ts";

/** `packflow serve`: answers requests over HTTP. */
export function serveCommand(finish: Finish) {
  const command = new Command("serve")
    .description("Serve models over HTTP: Open Inference Protocol v2, and events as JSON or NDJSON.")
    .argument("[PROJECT...]", `${PROJECT_HELP}; several are several models`, ["."]);
  return withTrustOptions(withSandboxOptions(withAccessOptions(withLoadOptions(command))))
    .addHelpText("after", HELP)
    .action(async (paths, options) => {
      const { serveProjects } = await import("./serve_projects.ts");
      finish(await serveProjects(paths, options));
    });
}

function withLoadOptions<Args extends unknown[], Opts extends Record<never, unknown>>(
  command: Command<Args, Opts>,
) {
  return command
    .optionsGroup("Address and load:")
    .option("--host <ADDRESS>", "address to listen at", "127.0.0.1")
    .option("-p, --port <N>", "port to listen at; 0 for any that is free", wholeNumber(0), 8080)
    .option(
      "-w, --workers <N>",
      "processes that infer, for each model; one less than cores when left out",
      wholeNumber(1),
    )
    .option("-b, --batch-size <N>", "most events inferred at once", wholeNumber(1), 256)
    .option("--max-wait <MS>", "how long a batch that is not full waits for more requests", wholeNumber(0), 0)
    .option(
      "--max-queue <N>",
      "most events of a model that may wait; more are refused with 503",
      wholeNumber(1),
      10_000,
    )
    .option("--deadline <MS>", "answer with 504 what takes longer, and drop it", wholeNumber(1), 30_000)
    .option(
      "--max-body <BYTES>",
      "refuse larger bodies; of NDJSON, larger events",
      wholeNumber(1),
      16 * 1024 * 1024,
    )
    .option(
      "--drain <MS>",
      "how long requests under way may take after a signal to stop",
      wholeNumber(0),
      30_000,
    );
}

function withAccessOptions<Args extends unknown[], Opts extends Record<never, unknown>>(
  command: Command<Args, Opts>,
) {
  return command
    .optionsGroup("Access and log:")
    .option("--tls-cert <FILE>", "serve HTTPS with this certificate chain, in PEM")
    .option("--tls-key <FILE>", "its private key, in PEM")
    .option("--token-file <FILE>", "ask for the token in this file, sent as Authorization: Bearer TOKEN")
    .option("--cors <ORIGIN>", "let pages of this origin call the server, or * for all")
    .addOption(
      new Option("--log <WHICH>", "requests to log on standard error, a line of JSON for each")
        .choices(["all", "errors", "none"] as const).default("errors" as const),
    );
}

const HELP = examples(
  "packflow serve my-model",
  "packflow serve my-model-0.1.0.tar.gz --require-signature --key release.pub.pem --port 9000",
  "curl -d '{\"x\": 1}' http://127.0.0.1:8080/invocations",
  "curl -H 'content-type: application/x-ndjson' -T events.ndjson -X POST http://127.0.0.1:8080/invocations",
) + `

The page at / lets you try the models; /openapi.json describes every route; /metrics is for Prometheus. With
OTEL_DENO=true traces and metrics go out by OpenTelemetry. The token may also stand in PACKFLOW_TOKEN.

SIGTERM and SIGINT stop the server cleanly: it takes no more requests, answers those under way, and exits with 0.

Exit codes:
  0         stopped by a signal, all was answered
  2         wrong usage
  4         a project or model cannot be loaded
  5         a package is not whole, altered, or not signed by a trusted key
  6         the address cannot be listened at
  130, 143  stopped by a second signal`;
