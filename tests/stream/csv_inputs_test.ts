import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { openCsvInputs } from "../../lib/stream/csv_inputs.ts";
import { packflowError } from "../helpers/packflow_error.ts";
import { memorySource } from "../helpers/streams.ts";

const OPTIONS = { delimiter: ",", maxEventBytes: 100 };
const input = (text: string, name: string) => () => Promise.resolve(memorySource(text, name));

Deno.test("all sources have the columns of the first, and are opened when their turn comes", async () => {
  let opened = 0;
  const second = () => {
    opened++;
    return memorySource("a,b\n3,4\n", "2");
  };
  const { columns, source, moreSources } = await openCsvInputs([input("a,b\n1,2\n", "1"), second], OPTIONS);
  deepStrictEqual([columns, source.name, opened], [["a", "b"], "1", 0]);
  strictEqual((await moreSources[0]?.())?.name, "2");
});

Deno.test("other columns are refused when their source is opened", async () => {
  const { moreSources } = await openCsvInputs(
    [input("a,b\n", "1"), input("a,c\n", "2"), input("b,a", "3")],
    OPTIONS,
  );
  for (const open of moreSources) {
    await packflowError(Promise.resolve().then(open), "source.other_header");
  }
});

Deno.test("sources that hold nothing are in nobody's way", async () => {
  const { columns, source, moreSources } = await openCsvInputs(
    [input("", "1"), input("\n", "2"), input("a\n1", "3"), input("", "4"), input("a", "5")],
    OPTIONS,
  );
  deepStrictEqual([columns, source.name], [["a"], "1"]);
  const names: string[] = [];
  for (const open of moreSources) names.push((await open()).name);
  deepStrictEqual(names, ["2", "3", "4", "5"]);
  deepStrictEqual((await openCsvInputs([input("", "1")], OPTIONS)).columns, []);
});
