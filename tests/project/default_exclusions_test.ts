import assert from "node:assert/strict";
import {
  defaultExclusion,
  earlierPackage,
  packageContent,
  secretContent,
} from "../../lib/project/default_exclusions.ts";
import { archive, file, FORMATS, packed } from "../helpers/archives.ts";

/** Base64 that is no key. */
const BODY = "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0";

Deno.test("leaves out version control and tools' files with a reason, and Packflow's own silently", () => {
  for (const name of [".git", ".hg"]) {
    assert.equal(defaultExclusion(name)?.reason, "it belongs to version control", name);
  }
  for (
    const name of [
      "__pycache__",
      "node_modules",
      "dist",
      ".venv",
      "x.pyc",
      "demo.egg-info",
      ".DS_Store",
      "a~",
    ]
  ) {
    assert.equal(defaultExclusion(name)?.reason, "it is a cache, a build or a setting of a tool", name);
    assert.equal(defaultExclusion(name)?.told, true, name);
  }
  assert.equal(defaultExclusion(".packflow")?.told, false);
});

Deno.test("leaves out secrets with a reason, in any letter case", () => {
  const names = [
    ".env",
    ".env.local",
    ".ENV",
    "id_rsa",
    "ID_ED25519",
    "tls.Key",
    "ca.pem",
    "credentials.json",
  ];
  for (const name of [...names, ".npmrc", ".aws", ".ssh", "putty.ppk"]) {
    assert.deepEqual(
      defaultExclusion(name),
      { reason: "it may hold a secret", secret: true, told: true },
      name,
    );
  }
});

Deno.test("keeps what only looks like one of these", () => {
  const names = [
    ".env.example",
    ".environment",
    "id_rsa.pub",
    "keys.json",
    "Node_Modules",
    ".gitignore",
    "gitx",
  ];
  for (const name of names) assert.equal(defaultExclusion(name), undefined, name);
});

Deno.test("knows earlier packages and their signatures by name and version", () => {
  const known = [
    "my-app-1.2.3.tar.gz",
    "my-app-0.1.0-rc.1.tgz",
    "my_app-1.0.0.zip",
    "my-app-1.2.3.tar.gz.sig",
  ];
  const others = [
    "my-app-1.2.3.zip.bak",
    "my-app-data.zip",
    "other-1.0.0.zip",
    "my-app.tar.gz",
    "my-apps-1.0.0.zip",
  ];
  const found = [...known, ...others].filter((name) => earlierPackage(name, "my-app") !== undefined);
  assert.deepEqual(found, known);
  assert.match(earlierPackage("my-app-1.2.3.tar.gz.sig", "my-app")?.reason ?? "", /signature/);
});

Deno.test("finds private keys and tokens in what a file holds", () => {
  const reasonOf = (text: string) => secretContent(new TextEncoder().encode(text))?.reason;
  const block = (kind: string, end = "\n") =>
    `-----BEGIN ${kind}-----${end}${BODY}${end}-----END ${kind}-----${end}`;
  for (
    const kind of [
      "PRIVATE KEY",
      "RSA PRIVATE KEY",
      "EC PRIVATE KEY",
      "OPENSSH PRIVATE KEY",
      "ENCRYPTED PRIVATE KEY",
    ]
  ) {
    assert.equal(reasonOf(block(kind)), "it holds a private key", kind);
    assert.equal(reasonOf(`# mine\n${block(kind, "\r\n")}`), "it holds a private key", kind);
  }
  const others = [
    `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES\n\n${BODY}\n`,
    `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${BODY}\n`,
    `{"type": "service_account", "private_key": "-----BEGIN PRIVATE KEY-----\\n${BODY}\\n"}`,
    "PuTTY-User-Key-File-3: ssh-ed25519\n",
  ];
  for (const text of others) assert.equal(reasonOf(text), "it holds a private key", text);
  const tokens = [
    `[default]\naws_secret_access_key = ${"a1B2".repeat(10)}\n`,
    "//registry.example.org/:_authToken=abc123\n",
  ];
  for (const text of tokens) assert.equal(reasonOf(text), "it holds an access token", text);
});

Deno.test("takes public keys, certificates and talk of keys for no secret", () => {
  const texts = [
    `-----BEGIN PUBLIC KEY-----\n${BODY}\n-----END PUBLIC KEY-----\n`,
    `-----BEGIN CERTIFICATE-----\n${BODY}\n-----END CERTIFICATE-----\n`,
    'if (text.startsWith("-----BEGIN PRIVATE KEY-----")) throw new Error();\n',
    "The file starts with\n-----BEGIN PRIVATE KEY-----\nand base64 follows.\n",
    "aws_secret_access_key = (yours)\n",
    "//registry.example.org/:_authToken=${NPM_TOKEN}\n",
    "",
  ];
  for (const text of texts) assert.equal(secretContent(new TextEncoder().encode(text)), undefined, text);
});

Deno.test("knows a package by its first bytes", async () => {
  for (const format of FORMATS) {
    const files = await packed([file("a.txt", "a".repeat(1000)), file("b.txt", "b")]);
    const bytes = await archive(files, format);
    assert.equal(packageContent(bytes)?.reason, "it is a package", format);
    assert.equal(packageContent(bytes.subarray(0, 60)), undefined, format);
    const others = await archive([file("MANIFEST.json", "{}"), file("b.txt", "b")], format);
    assert.equal(packageContent(others), undefined, format);
    assert.equal(packageContent(await archive([file("a.txt", "a")], format)), undefined, format);
  }
  assert.equal(packageContent(Uint8Array.of(0x1f, 0x8b, 8, 0)), undefined);
  assert.equal(packageContent(new Uint8Array()), undefined);
});
