import assert from "node:assert/strict";
import { commandTable } from "../../lib/cli/command_table.ts";
import { bashCompletion } from "../../lib/cli/completion_bash.ts";
import { fishCompletion } from "../../lib/cli/completion_fish.ts";
import { argumentValues, commandNames, optionNames, optionValues } from "../../lib/cli/completion_values.ts";
import { zshCompletion } from "../../lib/cli/completion_zsh.ts";

const commands = await commandTable();

Deno.test("every completion has every command, alias and option", () => {
  for (const write of [bashCompletion, zshCompletion, fishCompletion]) {
    const words = new Set(write(commands).match(/[\w-]+/g));
    for (const command of commands) {
      for (const name of commandNames(command)) assert.ok(words.has(name), `${write.name}: ${name}`);
      for (const { long } of command.options) {
        assert.ok(words.has(long) || words.has(long.slice(2)), `${write.name}: ${command.name} ${long}`);
      }
    }
  }
});

Deno.test("what takes a project, a package, a file or a folder is told by its name, choices by themselves", () => {
  const facts = { isRequired: true, isVariadic: false, description: "", defaultValue: undefined };
  const argument = (name: string, ...choices: string[]) => argumentValues({ ...facts, name, choices });
  assert.deepEqual(argument("PROJECT"), { kind: "projects" });
  assert.deepEqual(argument("PACKAGE"), { kind: "packages" });
  assert.deepEqual(argument("FOLDER"), { kind: "folders" });
  assert.deepEqual(argument("MODEL"), { kind: "files", suffix: ".onnx" });
  assert.deepEqual(argument("NAME"), { kind: "nothing" });
  assert.deepEqual(argument("NAME", "a", "b"), { kind: "choices", choices: ["a", "b"] });
  const codes = argument("CODE");
  assert.ok(codes.kind === "choices" && codes.choices.includes("usage.invalid"));
});

Deno.test("an option that takes no value has none to offer", () => {
  const option = {
    flags: "-f, --force",
    short: "-f",
    long: "--force",
    takes: "nothing",
    value: undefined,
    description: "",
    defaultValue: undefined,
    choices: [],
  } as const;
  assert.equal(optionValues(option), undefined);
  assert.deepEqual(optionValues({ ...option, takes: "perhaps", value: "FILE" }), { kind: "files" });
  assert.deepEqual(optionNames(option), ["-f", "--force"]);
  assert.deepEqual(optionNames({ ...option, short: undefined }), ["--force"]);
});
