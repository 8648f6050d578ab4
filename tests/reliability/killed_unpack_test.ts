/** Unpacking that is killed at any moment leaves the whole folder or none. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { archive, file, FORMATS, packed } from "../helpers/archives.ts";
import { figure } from "../helpers/echo_run.ts";
import { startModule } from "../helpers/start_module.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

const KILLS = 30;
const FILES = Array.from(
  { length: 40 },
  (_, at) => file(`folder${at % 5}/file${at}.txt`, `line ${at}\n`.repeat(3000)),
);

Deno.test("A12: kill -9 while unpacking leaves no half folder", async () => {
  await using folder = await tempFolder();
  const files = await packed(FILES);
  for (const format of FORMATS) {
    await Deno.writeFile(`${folder.path}/${format}`, await archive(files, format));
  }
  let whole = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const target = `${folder.path}/out${kill}`;
    const args = [`${folder.path}/${FORMATS[kill % FORMATS.length]}`, target];
    const child = startModule(MODULE, { args });
    await child.stdin.close();
    const files = await killAfter(child, kill * 45 / KILLS);
    if (files > 40) assert.equal(files, 41);
    if (await isThere(target)) {
      await checkWhole(target, files);
      whole++;
    }
  }
  const left = [...Deno.readDirSync(folder.path)].map(({ name }) => name);
  assert.deepEqual(left.filter((name) => !/^(out\d+|tar\.gz|zip|\.packflow-unpack-.*)$/.test(name)), []);
  figure(`A12 ${KILLS} kills: ${whole} folders whole, ${KILLS - whole} not there, half 0`);

  async function checkWhole(target: string, written: number): Promise<void> {
    assert.ok(written >= 40, "moved into place before all was written");
    for (const { path, data } of files) {
      const there = await Deno.readFile(`${target}/${path}`);
      assert.equal(sum(there), sum(data), path);
    }
  }
});

const sum = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Unpacks, and prints a line for each file that it is about to write. */
const MODULE = `
  import { verifyPackageFile } from "lib/archive/open_archive.ts";
  const [path, target] = Deno.args;
  const verified = await verifyPackageFile(path);
  await verified.unpack(target, { only: () => { Deno.stdout.writeSync(new Uint8Array([46])); return true; } });
  Deno.stdout.writeSync(new Uint8Array([10]));`;

/** Kills a process once it has written so many bytes, and says how many it wrote. */
async function killAfter(child: Deno.ChildProcess, bytes: number): Promise<number> {
  let count = 0;
  let killed = false;
  for await (const chunk of child.stdout) {
    count += chunk.filter((byte) => byte === 46).length;
    if (!killed && (count >= bytes || chunk.includes(10))) {
      killed = true;
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
    }
  }
  await child.stderr.cancel();
  await child.status;
  return count;
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
