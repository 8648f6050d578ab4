import assert from "node:assert/strict";
import {
  copyFile,
  existsNow,
  fileInfo,
  isNotFound,
  listFolder,
  makeFolder,
  makeTempFolder,
  readFile,
  readTextFile,
  readUpTo,
  realPath,
  remove,
  rename,
  writeFile,
} from "../../lib/host/files.ts";
import { tempFolder } from "../helpers/temp_folder.ts";

Deno.test("existsNow tells whether a path leads to anything, links followed", async () => {
  await using folder = await tempFolder();
  await writeFile(`${folder.path}/file`, "");
  await Deno.symlink("nowhere", `${folder.path}/dangling`);
  const exists = ["", "/file", "/dangling", "/file/below", "/gone"].map((path) =>
    existsNow(folder.path + path)
  );
  assert.deepEqual(exists, [true, true, false, false, false]);
});

Deno.test("readFile and readTextFile give what writeFile wrote, bytes or text", async () => {
  await using folder = await tempFolder();
  const bytes = Uint8Array.of(0, 255, 10, 13, 128);
  await writeFile(`${folder.path}/bytes`, bytes);
  assert.deepEqual(await readFile(`${folder.path}/bytes`), bytes);
  await writeFile(`${folder.path}/text`, "è🚀\r\n");
  assert.equal(await readTextFile(`${folder.path}/text`), "è🚀\r\n");
  await writeFile(`${folder.path}/empty`, "");
  assert.equal(await readTextFile(`${folder.path}/empty`), "");
});

Deno.test("readUpTo gives a file whole, or its first bytes up to the limit", async () => {
  await using folder = await tempFolder();
  const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => index % 251);
  await writeFile(`${folder.path}/bytes`, bytes);
  for (const limit of [0, 1, 65_536, 65_537, 199_999, 200_000, 200_001, 2 ** 40]) {
    assert.deepEqual(await readUpTo(`${folder.path}/bytes`, limit), bytes.subarray(0, limit), `${limit}`);
  }
  await assert.rejects(readUpTo(`${folder.path}/none`, 1), isNotFound);
});

Deno.test("readTextFile drops one byte order mark and refuses what is not UTF-8", async () => {
  await using folder = await tempFolder();
  const file = `${folder.path}/text`;
  await Deno.writeFile(file, Uint8Array.of(0xef, 0xbb, 0xbf, 0x61));
  assert.equal(await readTextFile(file), "a");
  await Deno.writeFile(file, Uint8Array.of(0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf));
  assert.equal(await readTextFile(file), "\ufeff");
  const wrong = [[0xff, 0xfe, 0x61, 0], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe8]];
  for (const bytes of wrong) {
    await Deno.writeFile(file, Uint8Array.from(bytes));
    await assert.rejects(readTextFile(file), TypeError, bytes.join());
  }
});

Deno.test("fileInfo tells files, folders, links and other things apart, links not followed", async () => {
  await using folder = await tempFolder();
  const path = (name: string) => `${folder.path}/${name}`;
  await writeFile(path("file"), "12345", { mode: 0o600 });
  await Deno.symlink("file", path("link"));
  await Deno.symlink("nowhere", path("dangling"));
  const info = await fileInfo(path("file"));
  assert.deepEqual([info?.kind, info?.size, (info?.mode ?? 0) & 0o777], ["file", 5, 0o600]);
  assert.equal((await fileInfo(folder.path))?.kind, "directory");
  assert.equal((await fileInfo(path("link")))?.kind, "link");
  assert.equal((await fileInfo(path("dangling")))?.kind, "link");
  assert.equal((await fileInfo("/dev/null"))?.kind, "other");
});

Deno.test("fileInfo is undefined where nothing is, also below a file", async () => {
  await using folder = await tempFolder();
  await writeFile(`${folder.path}/file`, "");
  assert.equal(await fileInfo(`${folder.path}/missing`), undefined);
  assert.equal(await fileInfo(`${folder.path}/file/below`), undefined);
  await assert.rejects(fileInfo(`${folder.path}/${"x".repeat(300)}`), (error) => !isNotFound(error));
});

Deno.test("what may not be read is not taken for missing", { permissions: { read: false } }, async () => {
  for (const call of [fileInfo, readFile, readTextFile, realPath, listFolder]) {
    await assert.rejects(
      call("/etc"),
      (error) => error instanceof Deno.errors.NotCapable && !isNotFound(error),
    );
  }
});

Deno.test("isNotFound holds for missing paths and those below a file, and for nothing else", async () => {
  await using folder = await tempFolder();
  await writeFile(`${folder.path}/file`, "");
  await assert.rejects(readFile(`${folder.path}/missing`), isNotFound);
  await assert.rejects(readFile(`${folder.path}/file/below`), isNotFound);
  await assert.rejects(readFile(folder.path), (error) => !isNotFound(error));
  for (
    const other of [new Error("No such file"), undefined, "NotFound", new Deno.errors.PermissionDenied()]
  ) {
    assert.equal(isNotFound(other), false);
  }
});

Deno.test("realPath follows every link; a missing end or a ring of links is an error", async () => {
  await using folder = await tempFolder();
  await makeFolder(`${folder.path}/a/b`);
  await Deno.symlink("a", `${folder.path}/one`);
  await Deno.symlink("one/b", `${folder.path}/two`);
  assert.equal(await realPath(`${folder.path}/two/../b`), `${folder.path}/a/b`);
  await assert.rejects(realPath(`${folder.path}/missing`), isNotFound);
  await Deno.symlink("ring", `${folder.path}/ring`);
  await assert.rejects(realPath(`${folder.path}/ring`), (error) => !isNotFound(error));
});

Deno.test("listFolder sorts by name and names each entry's kind", async () => {
  await using folder = await tempFolder();
  for (const name of ["b", "a", "B", "10", "9", "è"]) await writeFile(`${folder.path}/${name}`, "");
  await makeFolder(`${folder.path}/folder/inner`);
  await Deno.symlink("folder", `${folder.path}/link`);
  const entries = await listFolder(folder.path);
  assert.deepEqual(entries.map(({ name }) => name), ["10", "9", "B", "a", "b", "folder", "link", "è"]);
  assert.deepEqual(entries.slice(4, 7).map(({ kind }) => kind), ["file", "directory", "link"]);
  assert.deepEqual(await listFolder(`${folder.path}/folder/inner`), []);
  await assert.rejects(listFolder(`${folder.path}/missing`), isNotFound);
  await assert.rejects(listFolder(`${folder.path}/a`), isNotFound);
});

Deno.test("writeFile refuses an existing path, also a dangling link, unless it may overwrite", async () => {
  await using folder = await tempFolder();
  const file = `${folder.path}/file`;
  await writeFile(file, "first, longer");
  await assert.rejects(writeFile(file, "second"), Deno.errors.AlreadyExists);
  assert.equal(await readTextFile(file), "first, longer");
  await writeFile(file, "second", { overwrite: true });
  assert.equal(await readTextFile(file), "second");
  await Deno.symlink("elsewhere", `${folder.path}/link`);
  await assert.rejects(writeFile(`${folder.path}/link`, "x"), Deno.errors.AlreadyExists);
  assert.equal(await fileInfo(`${folder.path}/elsewhere`), undefined);
});

Deno.test("writeFile sets the mode, and fails where there is no folder", async () => {
  await using folder = await tempFolder();
  await writeFile(`${folder.path}/run`, "", { mode: 0o700 });
  assert.equal(((await fileInfo(`${folder.path}/run`))?.mode ?? 0) & 0o777, 0o700);
  await assert.rejects(writeFile(`${folder.path}/missing/file`, ""), isNotFound);
  await assert.rejects(writeFile(folder.path, "", { overwrite: true }), (error) => !isNotFound(error));
});

Deno.test("copyFile copies bytes, not permissions, and replaces nothing", async () => {
  await using folder = await tempFolder();
  const [from, to] = [`${folder.path}/from`, `${folder.path}/to`];
  const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => index);
  await writeFile(from, bytes, { mode: 0o400 });
  await copyFile(from, to);
  assert.deepEqual(await readFile(to), bytes);
  assert.equal((await Deno.stat(to)).mode !== (await Deno.stat(from)).mode, true);
  await assert.rejects(copyFile(from, to), Deno.errors.AlreadyExists);
  await assert.rejects(copyFile(`${folder.path}/gone`, `${folder.path}/new`), Deno.errors.NotFound);
});

Deno.test("makeFolder makes parents, is content with a folder, and refuses a file in the way", async () => {
  await using folder = await tempFolder();
  await makeFolder(`${folder.path}/a/b/c`, 0o700);
  await makeFolder(`${folder.path}/a/b/c`);
  for (const made of ["a", "a/b", "a/b/c"]) {
    assert.equal(((await fileInfo(`${folder.path}/${made}`))?.mode ?? 0) & 0o777, 0o700, made);
  }
  await writeFile(`${folder.path}/file`, "");
  await assert.rejects(makeFolder(`${folder.path}/file`), Deno.errors.AlreadyExists);
  await assert.rejects(makeFolder(`${folder.path}/file/below`), isNotFound);
});

Deno.test("makeTempFolder makes a new private folder each time, in the place it is told", async () => {
  await using folder = await tempFolder();
  const made = await Promise.all([1, 2, 3].map(() => makeTempFolder(".new-", folder.path)));
  assert.equal(new Set(made).size, 3);
  for (const path of made) {
    assert.ok(path.startsWith(`${folder.path}/.new-`), path);
    assert.equal(((await fileInfo(path))?.mode ?? 0) & 0o777, 0o700);
  }
  await assert.rejects(makeTempFolder("x", `${folder.path}/missing`), isNotFound);
  const elsewhere = await makeTempFolder("packflow-test-");
  await remove(elsewhere);
  assert.equal(await fileInfo(elsewhere), undefined);
});

Deno.test("rename replaces a file, but no folder that holds something", async () => {
  await using folder = await tempFolder();
  const path = (name: string) => `${folder.path}/${name}`;
  await writeFile(path("new"), "new");
  await writeFile(path("old"), "old");
  await rename(path("new"), path("old"));
  assert.equal(await readTextFile(path("old")), "new");
  assert.equal(await fileInfo(path("new")), undefined);
  await makeFolder(path("from"));
  await makeFolder(path("to/inner"));
  await assert.rejects(rename(path("from"), path("to")), (error) => !isNotFound(error));
  assert.equal((await fileInfo(path("to/inner")))?.kind, "directory");
  await assert.rejects(rename(path("missing"), path("x")), isNotFound);
});

Deno.test("remove takes away files and whole folders, but only the link and not what it leads to", async () => {
  await using folder = await tempFolder();
  const path = (name: string) => `${folder.path}/${name}`;
  await makeFolder(path("folder/inner"));
  await writeFile(path("folder/inner/file"), "");
  await Deno.symlink("folder", path("link"));
  await remove(path("link"));
  assert.equal(await fileInfo(path("link")), undefined);
  assert.equal((await fileInfo(path("folder/inner/file")))?.kind, "file");
  await remove(path("folder/inner/file"));
  await remove(path("folder"));
  assert.deepEqual(await listFolder(folder.path), []);
  await remove(path("missing"));
});

Deno.test("remove tells of what it may not do", { permissions: { read: true, write: false } }, async () => {
  await assert.rejects(remove("/etc/hostname"), Deno.errors.NotCapable);
});
