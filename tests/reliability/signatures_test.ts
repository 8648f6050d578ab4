/** Signed packages that were changed in every way: nothing of them is opened, and none of their code runs. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { PackflowError } from "../../lib/base/errors.ts";
import { openProject } from "../../lib/project/open_package.ts";
import { pemText } from "../../lib/sign/pem.ts";
import { signFiles } from "../../lib/sign/signature.ts";
import { makeStatement } from "../../lib/sign/statement.ts";
import { archive, file, FORMATS, packed } from "../helpers/archives.ts";
import { figure, randomFrom } from "../helpers/echo_run.ts";
import { FROM_SOURCE } from "../helpers/packflow.ts";
import {
  bundleBytes,
  bundleOf,
  digestsOf,
  newKey,
  type SignedPackage,
  signPayload,
  writeFiles,
  writeSigned,
} from "../helpers/signing.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

/** A backend that leaves a mark where the events say, if it is loaded at all. */
const MARKING = `import { InferenceBackend, type Records } from "packflow";
Deno.writeTextFileSync(import.meta.dirname + "/../../ran", "");
export class Backend extends InferenceBackend {
  override execute(events: Records) {
    return events.map(() => ({ y: 1 }));
  }
}
`;
const FILES = [
  file("packflow.jsonc", '{ "name": "sample", "backend": "inference.ts:Backend" }'),
  file("inference.ts", MARKING),
  file("data/weights.txt", "1 2 3"),
];

/** The code of what an attempt to open it threw; undefined where it was opened. */
async function refusal(path: string, keys: string[], signature?: string): Promise<string | undefined> {
  try {
    const trust = { keys, ...(signature === undefined ? {} : { signature }) };
    await using _project = await openProject(path, { trust });
    return undefined;
  } catch (error) {
    ok(error instanceof PackflowError, String(error));
    return error.code;
  }
}

function tally(codes: readonly (string | undefined)[]): string {
  const counts = new Map<string, number>();
  for (const code of codes) {
    const name = code ?? "ACCEPTED";
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([code, count]) => `${code} ${count}`).join(", ");
}

/** Flips one bit of a byte. */
function flipped(bytes: Uint8Array, at: number, bit: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes).with(at, (bytes[at] ?? 0) ^ (1 << bit));
}

Deno.test("G1: a flipped bit of the signature, the list of files or any file is refused", async () => {
  await using temporary = await tempFolder();
  const { path, signature, key, files } = await writeSigned(temporary.path, FILES);
  strictEqual(await refusal(path, [key]), undefined);
  const random = randomFrom(1);
  const bit = () => Math.floor(8 * random());
  const codes: (string | undefined)[] = [];
  const bytes = await Deno.readFile(signature);
  for (let at = 0; at < bytes.length; at++) {
    await Deno.writeFile(signature, flipped(bytes, at, bit()));
    codes.push(await refusal(path, [key]));
  }
  await Deno.writeFile(signature, bytes);
  const folder = await writeFiles(join(temporary.path, "unpacked"), files);
  for (let index = 0; index < 400; index++) {
    const chosen = files[index % files.length];
    ok(chosen !== undefined);
    const data = flipped(chosen.data, Math.floor(random() * chosen.data.length), bit());
    // an attacker makes a package that is whole: its list fits
    const others = files.filter((each) => each.path !== "MANIFEST.json" && each !== chosen);
    const isList = chosen.path === "MANIFEST.json";
    const forged = isList
      ? [file(chosen.path, data), ...others]
      : await packed([...others, { ...chosen, data }]);
    await Deno.writeFile(path, await archive(forged));
    codes.push(await refusal(path, [key]));
    await Deno.writeFile(join(folder, chosen.path), data);
    codes.push(await refusal(folder, [key], signature));
    await Deno.writeFile(join(folder, chosen.path), chosen.data);
  }
  const refused = codes.filter((code) => code !== undefined).length;
  figure(`G1 flipped bits: ${refused}/${codes.length} refused (${tally(codes)})`);
  ok(codes.length >= 2000, `${codes.length}`);
  strictEqual(refused, codes.length);
});

Deno.test("G1: a flipped bit of the container is refused, or says nothing about any file", async () => {
  // The time in gzip's head and spare codes of deflate are in no file: a package may be compressed anew.
  for (const format of FORMATS) {
    await using temporary = await tempFolder();
    const { path, key, files } = await writeSigned(temporary.path, FILES);
    const bytes = await archive(files, format);
    const random = randomFrom(3);
    const ends = { refused: 0, same: 0 };
    for (let at = 0; at < bytes.length; at++) {
      await Deno.writeFile(path, flipped(bytes, at, Math.floor(8 * random())));
      try {
        await using opened = await openProject(path, { trust: { keys: [key] } });
        for (const { path, data } of files) {
          deepStrictEqual(new Uint8Array(await Deno.readFile(join(opened.folder, path))), data);
        }
        ends.same++;
      } catch (error) {
        ok(error instanceof PackflowError && /^(package|signature)\./.test(error.code), String(error));
        ends.refused++;
      }
    }
    figure(
      `G1 flipped bits of a ${format}: ${ends.refused}/${bytes.length} refused, ${ends.same} with the same files`,
    );
    strictEqual(ends.refused + ends.same, bytes.length);
  }
});

/** A change of what was signed, by someone who may or may not have the key. */
interface Case {
  readonly name: string;
  /** What the refusal must be. */
  readonly code: RegExp;
  change(signed: SignedPackage): Promise<void>;
}

/** A package that is whole, of other files. */
function repack(change: (files: typeof FILES) => typeof FILES): Case["change"] {
  return async ({ path }) => await Deno.writeFile(path, await archive(await packed(change([...FILES]))));
}

/** A signature by the trusted key, over a statement that was changed. */
function restate(change: (text: string) => string): Case["change"] {
  return async ({ signature, files, privateKey }) => {
    const text = new TextDecoder().decode(await makeStatement("sample-1.2.3", await digestsOf(files)));
    const changed = change(text);
    ok(changed !== text);
    await Deno.writeFile(signature, await signPayload(changed, privateKey));
  };
}

const EVIL = file("inference.ts", `${MARKING}// evil\n`);

const G2: readonly Case[] = [
  {
    name: "an extra file",
    code: /unsigned_file/,
    change: repack((files) => [...files, file("extra.ts", "")]),
  },
  { name: "a missing file", code: /missing_file/, change: repack((files) => files.slice(0, -1)) },
  {
    name: "a renamed file",
    code: /unsigned_file/,
    change: repack((files) => [...files.slice(0, -1), file("data/other.txt", "1 2 3")]),
  },
  {
    name: "two files swapped",
    code: /altered_file/,
    change: repack(([first, second, third]) => {
      ok(first !== undefined && second !== undefined && third !== undefined);
      return [first, { ...second, data: third.data }, { ...third, data: second.data }];
    }),
  },
  {
    name: "a file emptied",
    code: /altered_file/,
    change: repack((files) => [...files.slice(0, -1), file("data/weights.txt", "")]),
  },
  {
    name: "other code",
    code: /altered_file/,
    change: repack((files) => files.map((each) => each.path === EVIL.path ? EVIL : each)),
  },
  {
    name: "a name twice in the statement",
    code: /invalid_statement/,
    change: restate((text) => text.replace('"data/weights.txt"', '"inference.ts"')),
  },
  {
    name: "a member twice in the statement",
    code: /invalid_statement/,
    change: restate((text) => text.replace('"predicate":', '"predicate": {}, "predicate":')),
  },
  {
    name: "an absolute path in the statement",
    code: /invalid_statement/,
    change: restate((text) => text.replace('"data/weights.txt"', '"/data/weights.txt"')),
  },
  {
    name: "a path that climbs out in the statement",
    code: /invalid_statement/,
    change: restate((text) => text.replace('"data/weights.txt"', '"../weights.txt"')),
  },
  { name: "SHA-1", code: /unsupported/, change: restate((text) => text.replaceAll('"sha256"', '"sha1"')) },
  {
    name: "an unknown version",
    code: /unsupported/,
    change: restate((text) => text.replace("signature/v1.0", "signature/v2.0")),
  },
  {
    name: "another type",
    code: /unsupported/,
    change: restate((text) => text.replace("Statement/v1", "Statement/v9")),
  },
  { name: "text behind the statement", code: /invalid_statement/, change: restate((text) => `${text}{}`) },
  {
    name: "no list of files in the package",
    code: /package\.not_a_package/,
    change: async ({ path }) => await Deno.writeFile(path, await archive(FILES)),
  },
  {
    name: "an empty signature",
    code: /invalid_bundle/,
    change: async ({ signature }) => await Deno.writeFile(signature, new Uint8Array()),
  },
  {
    name: "no signature",
    code: /not_found/,
    change: async ({ signature }) => await Deno.remove(signature),
  },
  {
    name: "text behind the signature",
    code: /invalid_bundle/,
    change: async ({ signature }) => await Deno.writeTextFile(signature, "{}", { append: true }),
  },
  {
    name: "a member twice in the signature",
    code: /invalid_bundle/,
    change: async ({ signature }) => {
      const text = await Deno.readTextFile(signature);
      await Deno.writeTextFile(signature, text.replace('"sig":', '"sig":"AA==","sig":'));
    },
  },
];

/** Signs other code with another key, which then lies at a place where one may look for keys. */
function signedByStranger(
  place: (bundle: ReturnType<typeof bundleOf>, spki: Uint8Array) => void,
): Case["change"] {
  return async ({ path, signature }) => {
    const stranger = await newKey();
    const [manifest] = FILES;
    ok(manifest !== undefined);
    const files = await packed([manifest, EVIL, file("key.pub.pem", stranger.publicKey.pem)]);
    const bundle = bundleOf(await signFiles("sample-1.2.3", await digestsOf(files), stranger));
    place(bundle, stranger.publicKey.spki);
    await Deno.writeFile(path, await archive(files));
    await Deno.writeFile(signature, bundleBytes(bundle));
  };
}

/** A key file that takes the place of the trusted one. */
function withKey(text: () => Promise<string>): Case["change"] {
  return async ({ key }) => await Deno.writeTextFile(key, await text());
}

const ED25519_TRAP = Uint8Array.fromHex(`302a300506032b657003210001${"00".repeat(31)}`);

const G4: readonly Case[] = [
  { name: "a wrong key", code: /unknown_key/, change: signedByStranger(() => {}) },
  {
    name: "a key inside the signature",
    code: /unknown_key/,
    change: signedByStranger((bundle, spki) =>
      bundle.verificationMaterial.publicKey = { rawBytes: spki.toBase64() }
    ),
  },
  {
    name: "an unknown keyid",
    code: /unsupported/,
    change: signedByStranger((bundle) => bundle.dsseEnvelope.signatures[0].keyid = "trusted"),
  },
  {
    name: "the trusted key's name on a stranger's signature",
    code: /not_valid/,
    change: async (signed) => {
      const { hint } = signed.privateKey.publicKey;
      await signedByStranger((bundle) => bundle.verificationMaterial.publicKey.hint = hint)(signed);
    },
  },
  {
    name: "a key of another curve",
    code: /unknown_key/,
    change: withKey(async () => (await newKey("P-384")).publicKey.pem),
  },
  {
    name: "an Ed25519 key of small order",
    code: /invalid_key/,
    change: withKey(() => Promise.resolve(pemText("PUBLIC KEY", ED25519_TRAP))),
  },
  { name: "an empty key file", code: /invalid_key/, change: withKey(() => Promise.resolve("")) },
];

for (const [row, what, cases] of [["G2", "altered", G2], ["G4", "untrusted", G4]] as const) {
  Deno.test(`${row} and G7: every ${what} package is refused with its reason, and none of its code runs`, async () => {
    const reasons: string[] = [];
    for (const { name, code, change } of cases) {
      await using temporary = await tempFolder();
      const signed = await writeSigned(temporary.path, FILES);
      await change(signed);
      const found = await refusal(signed.path, [signed.key]);
      match(found ?? "ACCEPTED", code, name);
      reasons.push(`${name}: ${found}`);
      const { stderr } = await run(signed, 5);
      ok(stderr.includes(`[${found}]`), stderr);
      strictEqual(await hasRun(signed), false, `${name}: code ran`);
    }
    figure(`${row}: ${reasons.length}/${cases.length} refused (${reasons.join("; ")})`);
    figure(`G7: code of 0/${cases.length} refused packages ran`);
  });
}

Deno.test("G4 and G7: without a key nothing runs, with it the mark shows that the code can run", async () => {
  await using temporary = await tempFolder();
  const signed = await writeSigned(temporary.path, FILES);
  for (const args of [["--require-signature"], ["--key", signed.key], ["--signature", signed.signature]]) {
    const { stderr } = await FROM_SOURCE.run(["run", signed.path, ...args], { cwd: temporary.path, code: 2 });
    match(stderr, /\[usage\.invalid\]/);
    strictEqual(await hasRun(signed), false);
  }
  await run(signed, 0);
  strictEqual(await hasRun(signed), true);
});

/** Runs the package as someone would who wants its code to be signed, but not kept in. */
async function run({ path, key }: SignedPackage, code: number) {
  const args = ["--require-signature", "--key", key, "--sandbox", "off"];
  const cwd = join(path, "..");
  return await FROM_SOURCE.run(["run", path, ...args], { cwd, stdin: "{}\n", code, env: { TMPDIR: cwd } });
}

/** Whether the mark of the code is there. */
async function hasRun({ path }: SignedPackage): Promise<boolean> {
  return await Deno.stat(join(path, "../ran")).then(() => true, () => false);
}

Deno.test("G6: what is changed while it is verified runs as it was signed, or not at all", async () => {
  const TRIES = 200;
  const ends = { signed: 0, refused: 0, other: 0 };
  for (const kind of ["package", "folder"] as const) {
    await using temporary = await tempFolder();
    const { path, signature, key, files } = await writeSigned(temporary.path, FILES);
    const folder = await writeFiles(join(temporary.path, "unpacked"), files);
    const evil = FILES.map((each) => each.path === EVIL.path ? EVIL : each);
    const [target, good, bad] = kind === "package"
      ? [path, await Deno.readFile(path), await archive(await packed(evil))]
      : [join(folder, EVIL.path), new TextEncoder().encode(MARKING), EVIL.data];
    const random = randomFrom(2);
    let isOver = false;
    const changing = (async () => {
      for (let turn = 0; !isOver; turn++) {
        await Deno.writeFile(`${target}.new`, turn % 2 === 0 ? bad : good);
        await Deno.rename(`${target}.new`, target);
        for (let wait = 20 * random(); wait > 0; wait--) await Deno.stat(target);
      }
    })();
    for (let index = 0; index < TRIES / 2; index++) {
      try {
        const place = kind === "package" ? path : folder;
        await using opened = await openProject(place, { trust: { keys: [key], signature } });
        const code = await Deno.readTextFile(join(opened.folder, EVIL.path));
        ends[code === MARKING ? "signed" : "other"]++;
      } catch (error) {
        ok(error instanceof PackflowError && /^(signature|package)\./.test(error.code), String(error));
        ends.refused++;
      }
    }
    isOver = true;
    await changing;
  }
  figure(
    `G6 changed while verified: ${ends.other}/${TRIES} other bytes, ${ends.signed} signed, ${ends.refused} refused`,
  );
  deepStrictEqual([ends.other, ends.signed + ends.refused], [0, TRIES]);
});
