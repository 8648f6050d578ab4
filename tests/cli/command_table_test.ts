import assert from "node:assert/strict";
import { commandTable } from "../../lib/cli/command_table.ts";
import { COMMANDS } from "../../lib/cli/commands.ts";

const table = await commandTable();

Deno.test("the table has every command, in the order of the help", () => {
  assert.deepEqual(table.map(({ name }) => name), Object.keys(COMMANDS));
  assert.deepEqual(table.find(({ name }) => name === "package")?.aliases, ["export"]);
});

Deno.test("the table says of an argument whether it must be there, may repeat, and what it is else", () => {
  const args = (name: string) => table.find((command) => command.name === name)?.arguments;
  assert.partialDeepStrictEqual(args("diff"), [{ name: "BEFORE", isRequired: true }, { name: "AFTER" }]);
  assert.partialDeepStrictEqual(args("run"), [{ isRequired: false, isVariadic: false, defaultValue: "." }]);
  assert.partialDeepStrictEqual(args("serve"), [{ isVariadic: true }]);
});

Deno.test("the table says of an option how it is written, what it takes, its choices and default", () => {
  const options = table.find(({ name }) => name === "run")?.options ?? [];
  const option = (long: string) => options.find((each) => each.long === long);
  assert.partialDeepStrictEqual(option("--on-error"), {
    flags: "--on-error <POLICY>",
    short: undefined,
    takes: "value",
    value: "POLICY",
    defaultValue: "fail",
    choices: ["fail", "skip", "emit"],
  });
  assert.partialDeepStrictEqual(option("--allow-net"), { takes: "perhaps", value: "HOSTS" });
  assert.partialDeepStrictEqual(option("--workers"), { short: "-w", takes: "value" });
  assert.partialDeepStrictEqual(option("--unordered"), { takes: "nothing", value: undefined });
  assert.equal(option("--help"), undefined);
  const noInput = table.find(({ name }) => name === "create")?.options.find(({ long }) =>
    long === "--no-input"
  );
  assert.partialDeepStrictEqual(noInput, { takes: "nothing", defaultValue: undefined });
});

Deno.test("the table ends with what help says after the options", () => {
  for (const { name, after } of table) assert.ok(after.startsWith(`Examples:\n  $ packflow ${name}`), after);
});
