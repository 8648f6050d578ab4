/** Memory of a process and all it started, through /proc. */

const INTERVAL_MS = 50;

/** One look at the memory of a process tree. */
export interface MemorySample {
  /** Milliseconds since the first look. */
  readonly at: number;
  readonly bytes: number;
}

/** Which figure of /proc is summed up, or undefined where there is none. */
export async function memoryMetric(): Promise<"PSS" | "RSS" | undefined> {
  if (await canRead("/proc/self/smaps_rollup")) return "PSS";
  return await canRead("/proc/self/status") ? "RSS" : undefined;
}

/**
 * Sums up the memory of a process tree every 50 ms until stopped. PSS shares out what processes have in common;
 * RSS counts it once per process.
 */
export class MemorySampler {
  readonly samples: MemorySample[] = [];
  readonly #pid: number;
  readonly #metric: "PSS" | "RSS";
  #isStopped = false;

  constructor(pid: number, metric: "PSS" | "RSS") {
    this.#pid = pid;
    this.#metric = metric;
  }

  async run(): Promise<void> {
    const start = performance.now();
    while (!this.#isStopped) {
      const at = performance.now() - start;
      const bytes = await memoryOfTree(this.#pid, this.#metric);
      if (bytes > 0) this.samples.push({ at, bytes });
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
    }
  }

  stop(): void {
    this.#isStopped = true;
  }
}

async function memoryOfTree(root: number, metric: "PSS" | "RSS"): Promise<number> {
  const file = metric === "PSS" ? "smaps_rollup" : "status";
  const tree = await processTree(root);
  const texts = await Promise.all(tree.map((pid) => readOrEmpty(`/proc/${pid}/${file}`)));
  return texts.reduce((sum, text) => sum + bytesIn(text, metric), 0);
}

/** The process and all that descend from it, as far as the system tells. */
export async function processTree(root: number): Promise<number[]> {
  const parents = new Map<number, number>();
  if (Deno.build.os !== "linux") return [root];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(await readOrEmpty(`/proc/${name}/stat`));
    if (parent !== undefined) parents.set(Number(name), parent);
  }
  return treeOf(root, parents);
}

/** The process and all that descend from it. */
export function treeOf(root: number, parents: ReadonlyMap<number, number>): number[] {
  const tree = [root];
  for (const pid of tree) {
    for (const [child, parent] of parents) if (parent === pid) tree.push(child);
  }
  return tree;
}

/** The parent's id in the text of /proc/PID/stat, whose second field may hold spaces and parentheses. */
export function parentOf(stat: string): number | undefined {
  const parent = /^\d+ \(.*\) \S (\d+) /s.exec(stat)?.[1];
  return parent === undefined ? undefined : Number(parent);
}

/** The figure in the text of /proc/PID/smaps_rollup or /proc/PID/status, 0 where it is not there. */
export function bytesIn(text: string, metric: "PSS" | "RSS"): number {
  const kilobytes = (metric === "PSS" ? /^Pss: +(\d+) kB/m : /^VmRSS:\s+(\d+) kB/m).exec(text)?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

/** Processes end while one looks at them. */
async function readOrEmpty(path: string): Promise<string> {
  return await Deno.readTextFile(path).catch(() => "");
}

async function canRead(path: string): Promise<boolean> {
  return await readOrEmpty(path) !== "";
}
