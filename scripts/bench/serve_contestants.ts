import { join } from "node:path";
import { pythonEnvironment } from "../python_environment.ts";
import { ROOT } from "../run_deno.ts";
import type { PackflowProgram } from "./packflow_program.ts";
import { eventRoute, PROTOCOL_ROUTE, type Route } from "./serve_routes.ts";
import { freePort, type ServerCommand } from "./server_process.ts";
import type { Workload } from "./workloads.ts";

const REQUIREMENTS = ["mlserver==1.7.1", "litserve==0.2.19", "onnxruntime==1.32.0"];
const TOLD = ["uvicorn", "numpy"];
const PEERS = join(ROOT, "tests", "bench");
/** Sizes to which a peer merges requests; the one that is faster counts. */
const PEER_BATCHES = [1, 32];

/** A server of the shuttle model. */
export interface Contestant {
  readonly name: string;
  readonly routes: readonly Route[];
  /** Settings to try; the one that is fastest counts. Empty for the defaults. */
  readonly batches: readonly number[];
  command(port: number, batch: number | undefined): ServerCommand;
}

/** Packflow as it comes, asked in both ways. */
export function packflowContestant(program: PackflowProgram, { project }: Workload): Contestant {
  return {
    name: "Packflow",
    routes: [PROTOCOL_ROUTE, eventRoute("/invocations")],
    batches: [],
    command: (port) => program.commandLine(["serve", project, "--port", String(port)]),
  };
}

/** The Python servers, in an environment that is made if need be, or why there are none. */
export async function peerContestants(
  { peer }: Workload,
): Promise<{ readonly contestants: Contestant[]; readonly versions: string } | { readonly missing: string }> {
  const found = await pythonEnvironment({ cache: "packflow-bench", packages: REQUIREMENTS, told: TOLD });
  if ("missing" in found) return found;
  const [model = "", features = ""] = peer.args;
  const command = (args: readonly string[], batch: number | undefined) => ({
    program: found.python,
    args,
    cwd: PEERS,
    env: { BATCH: String(batch ?? 1) },
  });
  const contestants: Contestant[] = [{
    name: "MLServer",
    routes: [PROTOCOL_ROUTE],
    batches: PEER_BATCHES,
    command: (port, batch) =>
      command(["serve_mlserver.py", model, ...[port, freePort(), freePort()].map(String)], batch),
  }, {
    name: "LitServe",
    routes: [eventRoute("/predict")],
    batches: PEER_BATCHES,
    command: (port, batch) => command(["serve_litserve.py", model, features, `${port}`], batch),
  }];
  return { contestants, versions: found.versions };
}
