import assert from "node:assert/strict";
import { PackflowError } from "../../lib/base/errors.ts";
import { readKafkaSecurity } from "../../lib/kafka/kafka_security.ts";

const NAMES = ["CONFIG", "USERNAME", "PASSWORD", "SASL_MECHANISM", "TLS"];

/** Calls back with a folder and nothing of Kafka in the environment but what is given. */
async function within(env: Record<string, string>, act: (folder: string) => Promise<void>): Promise<void> {
  const before = NAMES.map((
    name,
  ): [string, string | undefined] => [name, Deno.env.get(`PACKFLOW_KAFKA_${name}`)]);
  for (const name of NAMES) Deno.env.delete(`PACKFLOW_KAFKA_${name}`);
  for (const [name, value] of Object.entries(env)) Deno.env.set(`PACKFLOW_KAFKA_${name}`, value);
  const folder = await Deno.makeTempDir();
  try {
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(`PACKFLOW_KAFKA_${name}`);
      else Deno.env.set(`PACKFLOW_KAFKA_${name}`, value);
    }
  }
}

Deno.test("reads a file with comments, and the files that it names beside it", async () => {
  await within({}, async (folder) => {
    await Deno.writeTextFile(`${folder}/ca.pem`, "CERTIFICATE");
    await Deno.writeTextFile(`${folder}/secret`, "pass word\n");
    const text = `{ // ours
      "tls": {"ca": "ca.pem"},
      "sasl": {"mechanism": "SCRAM-SHA-256", "username": "me", "passwordFile": "secret"},
    }`;
    await Deno.writeTextFile(`${folder}/kafka.jsonc`, text);
    const wanted = {
      tls: { ca: "CERTIFICATE" },
      sasl: { mechanism: "SCRAM-SHA-256", username: "me", password: "pass word" },
    };
    assert.deepEqual(await readKafkaSecurity(`${folder}/kafka.jsonc`), wanted);
    Deno.env.set("PACKFLOW_KAFKA_CONFIG", `${folder}/kafka.jsonc`);
    assert.deepEqual(await readKafkaSecurity(undefined), wanted);
    Deno.env.set("PACKFLOW_KAFKA_USERNAME", "other");
    Deno.env.set("PACKFLOW_KAFKA_TLS", "false");
    assert.deepEqual(await readKafkaSecurity(undefined), { sasl: { ...wanted.sasl, username: "other" } });
  });
});

Deno.test("the environment alone will do, and nothing at all means nothing", async () => {
  await within({}, async () => assert.deepEqual(await readKafkaSecurity(undefined), {}));
  await within({ USERNAME: "me", PASSWORD: "p", TLS: "true" }, async () => {
    const sasl = { mechanism: "SCRAM-SHA-512", username: "me", password: "p" };
    assert.deepEqual(await readKafkaSecurity(undefined), { tls: {}, sasl });
  });
});

Deno.test("what is wrong is told with the file, and no password", async () => {
  const cases: readonly [string, RegExp][] = [
    ["[]", /must be an object/],
    ["{", /closing brace|as /],
    ['{"ssl": true}', /"ssl"/],
    ['{"tls": {"cacert": "x"}}', /"cacert", which is no setting/],
    ['{"tls": {"ca": 1}}', /"tls.ca" must be the path/],
    ['{"tls": {"ca": "gone.pem"}}', /Cannot read "tls.ca"/],
    ['{"sasl": {"username": "me"}}', /user and password must both be given/],
    [
      '{"sasl": {"mechanism": "GSSAPI", "username": "me", "password": "hunter2"}}',
      /the mechanism must be PLAIN/,
    ],
    ['{"sasl": {"username": "me", "pasword": "hunter2"}}', /did you mean "password"/],
    ['{"sasl": {"username": 1, "password": "hunter2"}}', /as texts/],
  ];
  await within({}, async (folder) => {
    const file = `${folder}/kafka.jsonc`;
    for (const [text, reason] of cases) {
      await Deno.writeTextFile(file, text);
      await assert.rejects(readKafkaSecurity(file), (error: unknown) => {
        assert.ok(error instanceof PackflowError && error.code === "usage.invalid", String(error));
        assert.match(error.message, reason);
        assert.equal(error.message.includes("hunter2"), false);
        return true;
      });
    }
    await assert.rejects(readKafkaSecurity(`${folder}/gone`), PackflowError);
  });
});

Deno.test("the file that the documentation shows is read", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/scale-out.md", import.meta.url));
  const text = /```jsonc\n([^]*?)```/.exec(page)?.[1] ?? "";
  await within({}, async (folder) => {
    await Deno.writeTextFile(`${folder}/ca.pem`, "CERTIFICATE");
    await Deno.writeTextFile(`${folder}/kafka-password`, "word\n");
    await Deno.writeTextFile(`${folder}/kafka.jsonc`, text.replaceAll(/"\/[\w/]+\/([\w.-]+)"/g, '"$1"'));
    assert.deepEqual(await readKafkaSecurity(`${folder}/kafka.jsonc`), {
      tls: { ca: "CERTIFICATE" },
      sasl: { mechanism: "SCRAM-SHA-512", username: "scorer", password: "word" },
    });
  });
});
