import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import {
  type Checkpoint,
  readCheckpoint,
  removeCheckpoint,
  writeCheckpoint,
} from "../../lib/stream/checkpoint.ts";
import { writeProject } from "../helpers/project_fixture.ts";

const position = { source: 0, offset: 4, lines: 2, begun: true };

async function inFolder(
  body: (at: { file: string; checkpoint: Checkpoint; input: string }) => Promise<void>,
) {
  await using project = await writeProject({ "in.ndjson": "1\n2\n3\n" });
  const { folder } = project;
  const input = `${folder}/in.ndjson`;
  await body({
    file: `${folder}/run.json`,
    input,
    checkpoint: { inputs: [input], position, output: { path: `${folder}/out.ndjson`, position: 7 } },
  });
}

const files = ({ inputs, output, deadLetters }: Checkpoint) => ({
  inputs,
  output: output.path,
  deadLetters: deadLetters?.path,
});

Deno.test("what was noted is read again, until it is removed", () =>
  inFolder(async ({ file, checkpoint }) => {
    strictEqual(await readCheckpoint(file, files(checkpoint)), undefined);
    for (const dead of [{}, { deadLetters: { path: "/dead", position: 3 } }]) {
      const noted = { ...checkpoint, ...dead };
      await writeCheckpoint(file, noted);
      const { inputs, position, output, deadLetters } = await readCheckpoint(file, files(noted)) ?? {};
      deepStrictEqual({ inputs, position, output, ...(deadLetters && { deadLetters }) }, noted);
    }
    await removeCheckpoint(file);
    strictEqual(await readCheckpoint(file, files(checkpoint)), undefined);
  }));

Deno.test("a checkpoint of other files is refused", () =>
  inFolder(async ({ file, checkpoint }) => {
    await writeCheckpoint(file, checkpoint);
    const now = files(checkpoint);
    const source = { code: "source.checkpoint_mismatch" };
    await rejects(readCheckpoint(file, { ...now, inputs: ["/other"] }), source);
    await rejects(readCheckpoint(file, { ...now, inputs: [...now.inputs, "/other"] }), source);
    const sink = { code: "sink.checkpoint_mismatch" };
    await rejects(readCheckpoint(file, { ...now, output: "/other" }), sink);
    await rejects(readCheckpoint(file, { ...now, deadLetters: "/other" }), sink);
  }));

Deno.test("an input that has grown is the same, one that was rewritten or cut is not", () =>
  inFolder(async ({ file, checkpoint, input }) => {
    await writeCheckpoint(file, checkpoint);
    await Deno.writeTextFile(input, "4\n", { append: true });
    strictEqual((await readCheckpoint(file, files(checkpoint)))?.position.offset, 4);
    for (const text of ["1\nX\n3\n4\n", "1\n"]) {
      await Deno.writeTextFile(input, text);
      await rejects(readCheckpoint(file, files(checkpoint)), { code: "source.checkpoint_mismatch" });
    }
  }));

Deno.test("a file that is no checkpoint is refused", () =>
  inFolder(async ({ file, checkpoint }) => {
    await writeCheckpoint(file, checkpoint);
    const note = JSON.parse(await Deno.readTextFile(file));
    const broken = [
      { ...note, schema: "packflow.checkpoint/2" },
      { ...note, position: { ...position, offset: -1 } },
      { ...note, position: undefined },
      { ...note, output: { path: 1 } },
      { ...note, head: undefined },
    ];
    for (const text of ["", "{", "[]", ...broken.map((each) => JSON.stringify(each))]) {
      await Deno.writeTextFile(file, text);
      await rejects(readCheckpoint(file, files(checkpoint)), { code: "source.invalid_checkpoint" });
    }
  }));

Deno.test("a note that cannot be written is an error that names it", () =>
  inFolder(async ({ file, checkpoint }) => {
    await rejects(writeCheckpoint(`${file}/x`, checkpoint), { code: "sink.write_failed" });
  }));
