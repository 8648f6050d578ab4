/** The same project gives the same package, byte for byte, wherever and however it is made. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { figure } from "../helpers/echo_run.ts";
import { type Format, FORMATS, type Packager, packagers } from "../helpers/packagers.ts";
import { writeReproducible } from "../helpers/reproducible_project.ts";
import { tempFolder } from "../helpers/temp_folder.ts";
import { VARIATIONS } from "../helpers/variations.ts";

const programs = await packagers();
// R1 shows that the programs are alike: two are enough for what surrounds them.
const varied = [...new Set([programs[0], programs.at(-1)])].filter((program) => program !== undefined);
const isLinux = Deno.build.os === "linux";
/** A package's path outside of the project, so that nothing of a run can be seen by the next. */
const at = (folder: string, format: Format) => join(folder, `made.${format}`);

/** The packages of one folder in every format. */
async function makeAll(program: Packager, folder: string, output: string): Promise<string[]> {
  return await Promise.all(FORMATS.map((format) => program.make(folder, at(output, format), format)));
}

Deno.test("R1, R5: every program and Deno, twice, gives the same bytes in every format", async () => {
  await using temp = await tempFolder();
  const project = join(temp.path, "project");
  await writeReproducible(project);
  const found = new Map<string, string[]>();
  for (const program of programs) {
    for (const run of ["first", "second"]) {
      const output = join(temp.path, `${program.name} ${run}`);
      await Deno.mkdir(output);
      found.set(`${program.name}, ${run} run`, await makeAll(program, project, output));
    }
  }
  const [[first, expected] = ["", []]] = found;
  const same = [...found.values()].flatMap((made) =>
    made.filter((sha256, index) => sha256 === expected[index])
  );
  figure(
    `R1, R5 programs (${programs.map(({ name }) => name).join("; ")}): ` +
      `${same.length} of ${found.size * FORMATS.length} packages have the SHA-256 of ${first}`,
  );
  for (const [name, made] of found) deepEqual(made, expected, name);
});

for (const program of varied) {
  Deno.test({
    name: `R2: where, when, by whom and under what a package is made leaves no trace (${program.name})`,
    ignore: !isLinux,
    async fn() {
      await using temp = await tempFolder();
      const plain = join(temp.path, "plain");
      await writeReproducible(plain);
      const expected = await makeAll(program, plain, temp.path);
      const missing: string[] = [];
      const different: string[] = [];
      let tried = 0;
      for (const [index, { name, prepare }] of VARIATIONS.entries()) {
        const folder = join(temp.path, `${index}`);
        await Deno.mkdir(folder);
        const prepared = await prepare(folder);
        if ("missing" in prepared) {
          missing.push(`${name}: ${prepared.missing}`);
          continue;
        }
        try {
          for (const [number, format] of FORMATS.entries()) {
            const made = await program.make(prepared.folder, at(temp.path, format), format, prepared);
            if (made !== expected[number]) different.push(`${name}, ${format}`);
            tried++;
          }
        } finally {
          await prepared[Symbol.asyncDispose]?.();
        }
      }
      figure(
        `R2 variations (${program.name}): ${
          tried - different.length
        } of ${tried} packages have the SHA-256 of the ` +
          `plain one (${VARIATIONS.length - missing.length} variations, ${FORMATS.length} formats); ` +
          `SKIPPED: ${missing.join("; ") || "none"}`,
      );
      deepEqual(different, []);
      ok(tried >= 12 * FORMATS.length, `only ${tried} were tried`);
    },
  });
}

/** The one time that an archive carries, in seconds since 1970. */
async function timeIn(path: string, format: Format): Promise<number> {
  const bytes = await Deno.readFile(path);
  if (format === "tar.gz") {
    return Number.parseInt(new TextDecoder().decode(gunzipSync(bytes).subarray(136, 147)), 8);
  }
  const view = new DataView(bytes.buffer);
  const [time, date] = [view.getUint16(10, true), view.getUint16(12, true)];
  const day = [1980 + (date >> 9), ((date >> 5) & 15) - 1, date & 31] as const;
  return Date.UTC(...day, time >> 11, (time >> 5) & 63, 2 * (time & 31)) / 1000;
}

/** What SOURCE_DATE_EPOCH becomes; undefined where it must be refused. */
const EPOCHS: readonly (readonly [string, number | undefined])[] = [
  ["0", 315_532_800],
  ["315532800", 315_532_800],
  ["1700000001", 1_700_000_001],
  [`${2 ** 31}`, 2 ** 31],
  [`${2 ** 32}`, 2 ** 32],
  ["99999999999999999999", 4_354_819_198],
  ["", 315_532_800],
  ["junk", undefined],
  ["-1", undefined],
  ["1e9", undefined],
];

for (const program of varied) {
  Deno.test(`R4: SOURCE_DATE_EPOCH is taken, brought into what formats can say, or refused (${program.name})`, async () => {
    await using temp = await tempFolder();
    const project = join(temp.path, "project");
    await writeReproducible(project);
    let right = 0;
    for (const format of FORMATS) {
      for (const [text, expected] of EPOCHS) {
        // the time of a zip has no zone, so that one must not come from the machine
        const env = { SOURCE_DATE_EPOCH: text, TZ: right % 2 === 0 ? "Asia/Kathmandu" : "America/Lima" };
        const output = join(temp.path, `${right}.${format}`);
        const made = await program.run([project, "--output", output, "--format", format], { env });
        const name = `${format}, ${JSON.stringify(text)}: ${made.said}`;
        equal(made.code, expected === undefined ? 2 : 0, name);
        if (expected === undefined) {
          match(made.said, /SOURCE_DATE_EPOCH.*\[usage\.invalid_environment\]/, name);
        } else {
          // zip counts in steps of two seconds
          equal(await timeIn(output, format), format === "zip" ? expected - expected % 2 : expected, name);
        }
        right++;
      }
    }
    figure(
      `R4 SOURCE_DATE_EPOCH (${program.name}): ${right} of ${
        EPOCHS.length * FORMATS.length
      } as the table says`,
    );
  });
}
