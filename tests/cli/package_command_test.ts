import assert from "node:assert/strict";
import { leftWarnings } from "../../lib/cli/package_command.ts";

Deno.test("warns once for each reason, by name, of what no pattern leaves out", () => {
  const secrets = Array.from(
    { length: 7 },
    (_, at) => ({ path: `${at}.pem`, reason: "it may hold a secret", told: true }),
  );
  const warnings = leftWarnings([
    { path: ".git/", reason: "it belongs to version control", told: true },
    ...secrets,
    { path: "x.log", reason: ".gitignore:1 names it", told: false },
  ]);
  assert.deepEqual(warnings.map(({ message, file }) => [message, file]), [
    ['Left out ".git/" as it belongs to version control', ".git/"],
    [
      "Left out 7 paths, each as it may hold a secret: " +
      '"0.pem", "1.pem", "2.pem", "3.pem", "4.pem" and 2 more (see --list)',
      undefined,
    ],
  ]);
  assert.deepEqual(leftWarnings([]), []);
});
