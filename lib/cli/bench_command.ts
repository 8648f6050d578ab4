import { Command, InvalidArgumentError, Option } from "../deps/commander.ts";
import { SANDBOX_MODES } from "../isolate/sandbox.ts";
import type { Device } from "../onnx/devices.ts";
import { DEVICES } from "../onnx/devices.ts";
import type { Finish } from "./commands.ts";
import { examples, PROJECT_HELP, wholeNumber } from "./options.ts";

/** `packflow bench`: measures a project under several settings and recommends one. */
export function benchCommand(finish: Finish) {
  return new Command("bench")
    .description(
      "Measure the project on this machine: batch sizes x workers x devices. Tells throughput, latency, start-up and " +
        "memory, compares the answers of the devices, and recommends settings.",
    )
    .argument("[PROJECT]", PROJECT_HELP, ".")
    .option("-i, --input <FILE>", "events to measure with; the project's events.ndjson or golden events")
    .option("-b, --batch-size <SIZES>", "batch sizes, parted by commas", counts, [1, 32, 256, 2048])
    .option("-w, --workers <COUNTS>", "numbers of workers; one, half the cores and all when left out", counts)
    .option("--device <NAMES>", `of ${DEVICES.join(", ")}; all that can run it when left out`, devices)
    .option("--threads <N>", "threads of each worker, where the device has them", wholeNumber(1))
    .option("--time <MS>", "how long a setting is measured once it is steady", wholeNumber(1), 1000)
    .option("--tolerance <X>", "how far answers of devices may be off", positive, 1e-3)
    .addOption(
      new Option("--sandbox <MODE>", "isolate the project's code; native needs off")
        .choices(SANDBOX_MODES).default("auto" as const),
    )
    .option("--apply", "write the settings with the most events a second to packflow.jsonc")
    .option("--report <FILE>", "write a page with plots, one HTML file that needs no network")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      examples(
        "packflow bench my-model",
        "packflow bench my-model --input events.ndjson --report bench.html",
        "packflow bench my-model --device trees,wasm --batch-size 1,256 --workers 1 --apply",
      ),
    )
    .action(async (path, options) => {
      const { runBench } = await import("./bench_run.ts");
      finish(await runBench(path, options));
    });
}

/** Parses whole numbers parted by commas: in rising order, each once. */
export function counts(value: string): number[] {
  const least = wholeNumber(1);
  const numbers = value.split(",").map((part) => least(part.trim()));
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function devices(value: string): Device[] {
  return [...new Set(value.split(","))].map((part) => {
    const device = DEVICES.find((name) => name === part.trim());
    if (device !== undefined) return device;
    throw new InvalidArgumentError(`It must name devices of ${DEVICES.join(", ")}, parted by commas`);
  });
}

function positive(value: string): number {
  const number = Number(value);
  if (value.trim() !== "" && Number.isFinite(number) && number >= 0) return number;
  throw new InvalidArgumentError("It must be a number that is not negative, such as 1e-3");
}
