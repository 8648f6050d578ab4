/** The memory of processes, as Linux tells it. */

const MIB = 1024 * 1024;

/** Whether it can be told. */
export const canTellMemory: boolean = Deno.build.os === "linux";

/** Memory that a process has, and the most it ever had, in MiB. */
export async function memoryOf(pid: number): Promise<{ now: number; peak: number }> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  const mib = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) * 1024 / MIB;
  return { now: mib("VmRSS"), peak: mib("VmHWM") };
}

/** The processes that a process has started and that still run. */
export async function childrenOf(pid: number): Promise<number[]> {
  const children: number[] = [];
  for await (const { name } of Deno.readDir(`/proc/${pid}/task`)) {
    const ids = await Deno.readTextFile(`/proc/${pid}/task/${name}/children`).catch(() => "");
    children.push(...ids.split(" ").filter((id) => id !== "").map(Number));
  }
  return children;
}

/** The most memory that a process, or one that it has started, has had until it ends, in MiB. */
export async function peakOf(process: Deno.ChildProcess): Promise<number> {
  let ended = false;
  const end = process.status.then(() => ended = true);
  let highest = 0;
  while (!ended) {
    for (const pid of [process.pid, ...await childrenOf(process.pid).catch(() => [])]) {
      // the last look may come too late, which loses what was taken in the last moment alone
      highest = Math.max(highest, await memoryOf(pid).then(({ peak }) => peak || 0, () => 0));
    }
    await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 5))]);
  }
  return highest;
}
