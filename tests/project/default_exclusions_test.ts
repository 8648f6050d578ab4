import assert from "node:assert/strict";
import { defaultExclusion, isEarlierArchive } from "../../lib/project/default_exclusions.ts";

Deno.test("leaves out tools' files silently", () => {
  for (
    const name of [
      ".git",
      "__pycache__",
      "node_modules",
      ".packflow",
      "x.pyc",
      "demo.egg-info",
      ".DS_Store",
      "a~",
    ]
  ) {
    assert.deepEqual(defaultExclusion(name), {}, name);
  }
});

Deno.test("leaves out secrets with a reason, in any letter case", () => {
  for (
    const name of [
      ".env",
      ".env.local",
      ".ENV",
      "id_rsa",
      "ID_ED25519",
      "tls.Key",
      "ca.pem",
      "credentials.json",
    ]
  ) {
    assert.equal(defaultExclusion(name)?.reason, "it may hold a secret", name);
  }
});

Deno.test("keeps what only looks like one of these", () => {
  for (
    const name of [
      ".env.example",
      ".environment",
      "id_rsa.pub",
      "keys.json",
      "Node_Modules",
      ".gitignore",
      "gitx",
    ]
  ) {
    assert.equal(defaultExclusion(name), undefined, name);
  }
});

Deno.test("knows earlier packages by name and version", () => {
  const known = ["my-app-1.2.3.tar.gz", "my-app-0.1.0-rc.1.tgz", "my_app-1.0.0.zip"];
  const others = [
    "my-app-1.2.3.zip.bak",
    "my-app-data.zip",
    "other-1.0.0.zip",
    "my-app.tar.gz",
    "my-apps-1.0.0.zip",
  ];
  assert.deepEqual([...known, ...others].filter((name) => isEarlierArchive(name, "my-app")), known);
});
