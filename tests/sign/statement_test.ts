import assert from "node:assert/strict";
import { type FileDigests, makeStatement, parseStatement } from "../../lib/sign/statement.ts";
import { sha256 } from "../../lib/archive/sha256.ts";
import { rejects } from "../helpers/rejects.ts";

const A = "aa".repeat(32);
const B = "bb".repeat(32);
const FILES: FileDigests = new Map([["b/c", B], ["a", A], [".gitignore", B], ["x/.gitignore", A], [
  "b.c",
  A,
]]);
const INVALID = "signature.invalid_statement";
const UNSUPPORTED = "signature.unsupported";

// deno-lint-ignore no-explicit-any -- tests reach into any place of it
async function statement(): Promise<any> {
  return JSON.parse(new TextDecoder().decode(await makeStatement("name", FILES)));
}

async function parsed(value: unknown) {
  return await parseStatement(new TextEncoder().encode(JSON.stringify(value)));
}

Deno.test("files are listed by the bytes of their names, without Git's own at the top", async () => {
  const made = await statement();
  assert.deepEqual(made.predicate.resources.map(({ name }: { name: string }) => name), [
    "a",
    "b.c",
    "b/c",
    "x/.gitignore",
  ]);
  assert.deepEqual(made.predicate.resources[0], { name: "a", digest: A, algorithm: "sha256" });
  assert.deepEqual(made.predicate.serialization, {
    allow_symlinks: false,
    ignore_paths: [".git", ".gitattributes", ".github", ".gitignore"],
    hash_type: "sha256",
    method: "files",
  });
  const root = await sha256(Uint8Array.fromHex(A + A + B + A));
  assert.deepEqual(made.subject, [{ name: "name", digest: { sha256: root } }]);
});

Deno.test("a statement reads back, in whatever order and with whatever else is in it", async () => {
  const files = new Map([...FILES].filter(([path]) => path !== ".gitignore"));
  const made = await statement();
  assert.deepEqual(await parsed(made), { name: "name", files });
  made.extra = made.predicate.extra = made.predicate.resources[0].extra = 1;
  delete made.predicate.serialization.ignore_paths;
  assert.deepEqual(await parsed(made), { name: "name", files });
  const { resources } = made.predicate;
  resources.reverse();
  made.subject[0].digest.sha256 = await sha256(Uint8Array.fromHex(A + B + A + A));
  assert.deepEqual(await parsed(made), { name: "name", files });
});

Deno.test("another type, version, method or hash is refused as unsupported", async () => {
  // deno-lint-ignore no-explicit-any -- as above
  const changes: ((made: any) => unknown)[] = [
    (made) => made._type = "https://in-toto.io/Statement/v0.1",
    (made) => delete made._type,
    (made) => made.predicateType = "https://model_signing/signature/v1.1",
    (made) => made.predicateType = "https://model_signing/Digests/v0.1",
    (made) => made.predicateType = ["https://model_signing/signature/v1.0"],
    (made) => made.predicate.serialization.method = "shards",
    (made) => made.predicate.serialization.hash_type = "blake3",
    (made) => made.predicate.serialization.hash_type = "sha1",
    (made) => made.predicate.serialization.allow_symlinks = true,
    (made) => delete made.predicate.serialization.allow_symlinks,
    (made) => made.predicate.resources[1].algorithm = "sha512",
    (made) => delete made.predicate.resources[1].algorithm,
  ];
  for (const change of changes) {
    const made = await statement();
    change(made);
    await rejects(() => parsed(made), UNSUPPORTED, /^Cannot accept signature as/);
  }
});

Deno.test("what is missing, doubled, unsafe or of another kind is refused as invalid", async () => {
  // deno-lint-ignore no-explicit-any -- as above
  const changes: [(made: any) => unknown, RegExp][] = [
    [(made) => delete made.predicate, /predicate must be an object/],
    [(made) => delete made.predicate.serialization, /serialization must be an object/],
    [(made) => made.predicate.serialization.shard_size = 1, /shard_size must be absent/],
    [(made) => made.predicate.serialization.ignore_paths = "x", /ignore_paths must be an array/],
    [(made) => made.predicate.serialization.ignore_paths = [1], /ignore_paths must be an array/],
    [(made) => made.predicate.resources = [], /at least one file/],
    [(made) => made.predicate.resources = {}, /at least one file/],
    [(made) => made.predicate.resources[0] = null, /resources\[0\] must be an object/],
    [(made) => made.predicate.resources[0].name = 1, /must be a string/],
    [(made) => made.predicate.resources[0].digest = A.toUpperCase(), /64 hexadecimal digits/],
    [(made) => made.predicate.resources[0].digest = "aa", /64 hexadecimal digits/],
    [(made) => made.predicate.resources[0].digest = { sha256: A }, /64 hexadecimal digits/],
    [(made) => made.predicate.resources[0].digest = B, /must be that of all resources/],
    [(made) => made.subject[0].digest = {}, /must be that of all resources/],
    [(made) => made.subject[0].name = "", /not empty/],
    [(made) => made.subject.push(made.subject[0]), /exactly one/],
    [(made) => made.subject = [], /exactly one/],
    [(made) => made.predicate.resources[0].name = "b.c", /every name must be safe.*collides/],
    [(made) => made.predicate.resources[0].name = "B.C", /collides/],
    [(made) => made.predicate.resources[0].name = "b", /collides/],
    [(made) => made.predicate.resources[0].name = "../a", /every name must be safe/],
    [(made) => made.predicate.resources[0].name = "/a", /be relative/],
    [(made) => made.predicate.resources[0].name = "./a", /every name must be safe/],
    [(made) => made.predicate.resources[0].name = "a//b", /every name must be safe/],
    [(made) => made.predicate.resources[0].name = "", /not be empty/],
    [(made) => made.predicate.resources[0].name = "a\\b", /every name must be safe/],
    [(made) => made.predicate.resources[0].name = "a\0", /no control character/],
  ];
  for (const [change, message] of changes) {
    const made = await statement();
    change(made);
    await rejects(() => parsed(made), INVALID, message);
  }
  const text = new TextDecoder().decode(await makeStatement("name", FILES));
  for (const bad of [`${text}x`, text.replace('"_type"', '"subject": [], "_type"'), "[]", "null", ""]) {
    await rejects(() => parseStatement(new TextEncoder().encode(bad)), INVALID, /statement must/);
  }
});
