/** Other readers of archives, to compare with: Python's tarfile and zipfile, and the system's tools. */
import assert from "node:assert/strict";

/** A file as another reader saw it. */
export interface SeenFile {
  readonly path: string;
  readonly mode: number;
  readonly sha256: string;
}

/** Reads each archive; null for one that it refuses or that ends badly. Every file must be a regular one. */
const READ = `
import hashlib, json, sys, tarfile, zipfile

def read_tar(path):
    with tarfile.open(path, "r:gz") as tar:
        for member in tar:
            assert member.isreg() and member.uid == 0 and member.uname == ""
            yield member.name, member.mode, tar.extractfile(member)

def read_zip(path):
    with zipfile.ZipFile(path) as zip:
        for info in zip.infolist():
            assert info.external_attr >> 28 == 8
            yield info.filename, info.external_attr >> 16 & 0o7777, zip.open(info)

def seen(path):
    with open(path, "rb") as file:
        is_zip = file.read(2) == b"PK"
    files = []
    for name, mode, content in (read_zip if is_zip else read_tar)(path):
        digest = hashlib.sha256()
        while piece := content.read(1 << 20):
            digest.update(piece)
        files.append({"path": name, "mode": mode, "sha256": digest.hexdigest()})
    return files

answers = []
for path in sys.argv[1:]:
    try:
        answers.append(seen(path))
    except Exception as error:
        answers.append(str(error))
print(json.dumps(answers))`;

/** What Python sees in archives, or why it refuses one; undefined, said aloud, where there is no Python. */
export async function seenByPython(paths: readonly string[]): Promise<(SeenFile[] | string)[] | undefined> {
  const output = await runTool("python3", ["-c", READ, ...paths]);
  return output === undefined ? undefined : JSON.parse(output);
}

/** Runs a tool that must succeed; undefined, said aloud, where there is no such tool. */
export async function runTool(command: string, args: string[]): Promise<string | undefined> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(command, { args, env: { LC_ALL: "C.UTF-8" } })
      .output();
    assert.ok(success, new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.warn(`skipped: ${command} is not installed`);
    return undefined;
  }
}
