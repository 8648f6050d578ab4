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
