import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { findInputFiles, openInput } from "../../lib/stream/input_files.ts";
import { gzip } from "../helpers/gzip.ts";
import { packflowError } from "../helpers/packflow_error.ts";
import { textOf } from "../helpers/streams.ts";

async function inFolder(names: readonly string[], run: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/sub`);
    for (const name of names) await Deno.writeFile(`${folder}/${name}`, gzip(name));
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("patterns give files sorted, where they stand among the others", () =>
  inFolder(["b.csv", "a.csv.gz", "z.csv"], async (folder) => {
    const { paths, format } = await findInputFiles([`${folder}/z.csv`, `${folder}/[ab].csv*`, "-"]);
    deepStrictEqual(paths, [`${folder}/z.csv`, `${folder}/a.csv.gz`, `${folder}/b.csv`, "-"]);
    strictEqual(format, "csv");
  }));

Deno.test("a file that is named like a pattern is a file", () =>
  inFolder(["x[1].json", "x1.json"], async (folder) => {
    deepStrictEqual((await findInputFiles([`${folder}/x[1].json`])).paths, [`${folder}/x[1].json`]);
  }));

Deno.test("what is not there, matches nothing, or is a folder is refused before anything is read", () =>
  inFolder(["a.json"], async (folder) => {
    await packflowError(findInputFiles([`${folder}/none`]), "source.not_found");
    const error = await packflowError(findInputFiles([`${folder}/*.csv`]), "source.not_found");
    strictEqual(error.message.endsWith("as it must match a file"), true);
    for (const input of [`${folder}/sub`, `${folder}/s*`]) {
      await packflowError(findInputFiles([input]), "source.not_readable");
    }
  }));

Deno.test("a file that comes twice is refused", () =>
  inFolder(["a.json", "b.json"], async (folder) => {
    await packflowError(findInputFiles([`${folder}/a.json`, `${folder}/*.json`]), "usage.invalid");
    await packflowError(findInputFiles(["-", "-"]), "usage.invalid");
  }));

Deno.test("names that tell different formats are refused, names that tell none are not", () =>
  inFolder(["a.json", "b.csv", "c.log"], async (folder) => {
    const error = await packflowError(findInputFiles([`${folder}/?.*`]), "usage.invalid");
    strictEqual(error.message.endsWith("their names tell csv and json"), true);
    strictEqual((await findInputFiles([`${folder}/c.log`, `${folder}/b.csv`])).format, "csv");
    strictEqual((await findInputFiles([`${folder}/c.log`])).format, undefined);
  }));

Deno.test("a file that is packed is opened as what it holds, whatever its name", () =>
  inFolder(["a.json.gz", "b.json"], async (folder) => {
    for (const name of ["a.json.gz", "b.json"]) {
      let text = "";
      for await (const chunk of (await openInput(`${folder}/${name}`)).chunks) text += textOf(chunk);
      strictEqual(text, name);
    }
  }));
