import { availableParallelism } from "node:os";
import { join } from "node:path";
import { pythonEnvironment } from "../python_environment.ts";
import { ROOT } from "../run_deno.ts";
import type { PackflowProgram } from "./packflow_program.ts";
import type { Workload } from "./workloads.ts";

const PEERS = join(ROOT, "tests", "bench");
const REQUIREMENTS = ["packflow==0.4.1", "onnxruntime==1.32.0", "confluent-kafka==2.16.1"];

/** Where a member reads and writes. */
export interface KafkaPlace {
  /** HOST:PORT. */
  readonly address: string;
  readonly group: string;
  readonly from: string;
  readonly to: string;
  /** How many members the group has. */
  readonly members: number;
}

/** A program that can be a member of a consumer group. */
export interface KafkaContestant {
  readonly name: string;
  /** Whether its answers are those of the model; else they are the events themselves. */
  readonly hasModel: boolean;
  /** How much of the topic it gets: a slow one would take too long over all of it. */
  readonly share: number;
  /** Settings among which the fastest is looked for, by their names. */
  readonly settings: readonly string[];
  command(place: KafkaPlace, setting: string): {
    program: string;
    args: string[];
    cwd: string;
    env?: Record<string, string>;
  };
}

/** `packflow run` from topic to topic, with one worker: the main process and the broker need their share too. */
export function packflowMember(program: PackflowProgram, workload: Workload): KafkaContestant {
  return {
    name: "Packflow",
    hasModel: true,
    share: 1,
    settings: ["256", "1024", "4096"],
    command({ address, group, from, to }, batchSize) {
      return program.commandLine([
        "run",
        workload.project,
        ...["--input", `kafka://${address}/${from}?group=${group}`],
        ...["--output", `kafka://${address}/${to}`],
        ...["--batch-size", batchSize, "--workers", "1"],
      ]);
    },
  };
}

/** The same client, but no model. */
export function loopMember(): KafkaContestant {
  return {
    name: "loop without a model",
    hasModel: false,
    share: 1,
    settings: ["1000", "5000"],
    command({ address, group, from, to }, batchSize) {
      const args = ["run", "--quiet", "--no-check", "--allow-all", join(PEERS, "kafka_loop.ts")];
      return {
        program: Deno.execPath(),
        args: [...args, address, group, from, to, batchSize],
        cwd: ROOT,
      };
    },
  };
}

/** The Python packflow with confluent-kafka, or why there is none. */
export async function pythonMember(
  { peer }: Workload,
): Promise<{ contestant: KafkaContestant; versions: string } | { readonly missing: string }> {
  const found = await pythonEnvironment({ cache: "packflow-bench", packages: REQUIREMENTS, told: ["numpy"] });
  if ("missing" in found) return found;
  const contestant: KafkaContestant = {
    name: "Python packflow and confluent-kafka",
    hasModel: true,
    share: 0.2,
    settings: ["500", "2000", "5000"],
    command({ address, group, from, to, members }, batchSize) {
      const place = [address, group, from, to];
      return {
        program: found.python,
        args: [join(PEERS, "kafka_peer.py"), ...place, ...peer.args, batchSize],
        cwd: PEERS,
        env: {
          PACKFLOW_LOG_LEVEL: "ERROR",
          // one thread for each member that shares the cores
          THREADS: String(Math.max(1, Math.floor(availableParallelism() / members))),
        },
      };
    },
  };
  return { contestant, versions: found.versions };
}
