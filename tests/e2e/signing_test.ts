/** Keys, signatures and what requires them, as users type it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { packflowTests } from "../helpers/packflow.ts";

const test = await packflowTests();
const PACKAGE = "mine-0.1.0.tar.gz";
const EVENT = '{"failed_attempts": 0, "hour": 10}\n';

for (const curve of ["P-256", "P-384"]) {
  test(
    `${curve}: a package is signed, verified, unpacked, and run by those who trust the key`,
    async (packflow, cwd) => {
      await packflow.run(["create", "mine"], { cwd });
      await packflow.run(["package", "mine"], { cwd });
      const made = await packflow.json(["keygen", "--curve", curve, "--output", "key"], { cwd });
      assert.deepEqual([made.schema, made["curve"]], ["packflow.keygen/1", curve]);
      assert.equal(made["publicKey"], join(cwd, "key.pub.pem"));
      const signed = await packflow.json(["sign", PACKAGE, "--key", "key.pem"], { cwd });
      assert.equal(signed["signature"], join(cwd, `${PACKAGE}.sig`));
      const verified = await packflow.json(["verify", PACKAGE, "--key", "key.pub.pem"], { cwd });
      assert.deepEqual(
        [verified["name"], verified["version"], verified["digest"], verified["signature"]],
        ["mine", "0.1.0", signed["digest"], {
          keyId: made["keyId"],
          keyHint: made["keyHint"],
          keyFile: "key.pub.pem",
        }],
      );
      await packflow.run(["unpack", PACKAGE, "unpacked"], { cwd });
      const trust = ["--key", "key.pub.pem", "--signature", `${PACKAGE}.sig`];
      const { stderr } = await packflow.run(["verify", "unpacked", ...trust], { cwd });
      assert.match(
        stderr,
        new RegExp(`^Verified mine-0\\.1\\.0: \\d+ files\nSigned by the key ${made["keyId"]}`),
      );
      const answers = await Promise.all(
        [PACKAGE, "unpacked"].map((project) =>
          packflow.run(["run", project, "--require-signature", ...trust], { cwd, stdin: EVENT })
        ),
      );
      for (const { stdout } of answers) {
        assert.match(stdout, /^\{"/);
      }
    },
  );
}

test(
  "what is not signed by a trusted key is refused with exit code 5, and its code does not run",
  async (packflow, cwd) => {
    await packflow.run(["create", "mine"], { cwd });
    await packflow.run(["package", "mine"], { cwd });
    for (const name of ["mine", "theirs"]) await packflow.run(["keygen", "--output", `${name}-key`], { cwd });
    const run = async (args: string[], code: number) =>
      await packflow.run(["run", ...args, "--require-signature"], { cwd, stdin: EVENT, code });
    const trusted = ["--key", "mine-key.pub.pem"];
    assert.match((await run([PACKAGE, ...trusted], 5)).stderr, /\[signature\.not_found\]/);
    await packflow.run(["sign", PACKAGE, "--key", "theirs-key.pem"], { cwd });
    const { stdout, stderr } = await run([PACKAGE, ...trusted], 5);
    assert.equal(stdout, "");
    assert.match(stderr, /\[signature\.unknown_key\]/);
    assert.match((await run([PACKAGE], 2)).stderr, /name them with --key/);
    await run([PACKAGE, ...trusted, "--key", "theirs-key.pub.pem"], 0);
    const report = await packflow.json(["verify", PACKAGE, ...trusted], { cwd, code: 5 });
    assert.deepEqual([report.ok, report.diagnostics[0]?.code], [false, "signature.unknown_key"]);
    assert.equal((await packflow.json(["verify", PACKAGE], { cwd }))["signature"], null);

    await packflow.run(["unpack", PACKAGE, "unpacked"], { cwd });
    await Deno.writeTextFile(join(cwd, "unpacked", "extra.ts"), "");
    const folder = ["unpacked", "--signature", `${PACKAGE}.sig`, "--key", "theirs-key.pub.pem"];
    for (const command of [["verify", ...folder], ["run", ...folder, "--require-signature"]]) {
      assert.match(
        (await packflow.run(command, { cwd, code: 5 })).stderr,
        /"extra\.ts".*\[signature\.unsigned_file\]/,
      );
    }
  },
);

test("keys are never overwritten, and options that check nothing are refused", async (packflow, cwd) => {
  await packflow.run(["keygen"], { cwd });
  const key = await Deno.readTextFile(join(cwd, "signing-key.pem"));
  assert.match((await packflow.run(["keygen"], { cwd, code: 5 })).stderr, /\[signature\.exists\]/);
  assert.equal(await Deno.readTextFile(join(cwd, "signing-key.pem")), key);
  await packflow.run(["keygen", "--curve", "P-521", "--output", "x"], { cwd, code: 2 });
  await packflow.run(["sign", "x.tar.gz"], { cwd, code: 2 });
  await packflow.run(["verify", "x.tar.gz", "--signature", "x.sig"], { cwd, code: 2 });
  await packflow.run(["run", ".", "--key", "signing-key.pub.pem"], { cwd, code: 2 });
});
