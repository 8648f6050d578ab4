/** Numbers may differ by this much. */
const TOLERANCE = 1e-5;
/** A model's verdict: equal or wrong. */
const EXACT_KEYS: ReadonlySet<string> = new Set(["label", "id"]);

/**
 * Compares two files of NDJSON answers, all rows, and answers how many there are.
 *
 * @throws {Error} naming the first row that differs.
 */
export async function compareAnswers(ours: string, theirs: string): Promise<number> {
  const others = linesOf(theirs);
  let row = 0;
  for await (const line of linesOf(ours)) {
    const { value: other, done } = await others.next();
    row++;
    if (done === true) throw new Error(`Cannot compare the answers as "${theirs}" ends before row ${row}`);
    // most rows are equal to the byte, and parsing takes longest
    if (line === other || isSameAnswer(JSON.parse(line), JSON.parse(other))) continue;
    throw new Error(`Row ${row} must be the same answer: ours is ${line}, that of the peer ${other}`);
  }
  if ((await others.next()).done !== true) {
    throw new Error(`Cannot compare the answers as "${ours}" ends after row ${row}, before "${theirs}"`);
  }
  return row;
}

/** Whether two parsed answers are the same: numbers within 1e-5, labels, keys and all else exactly. */
export function isSameAnswer(ours: unknown, theirs: unknown, key = ""): boolean {
  if (typeof ours === "number" && typeof theirs === "number" && !EXACT_KEYS.has(key)) {
    return Math.abs(ours - theirs) <= TOLERANCE;
  }
  if (!isObject(ours) || !isObject(theirs) || Array.isArray(ours) !== Array.isArray(theirs)) {
    return ours === theirs;
  }
  const keys = Object.keys(ours);
  return keys.length === Object.keys(theirs).length &&
    keys.every((name) => name in theirs && isSameAnswer(ours[name], theirs[name], name));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

async function* linesOf(path: string): AsyncGenerator<string, undefined> {
  using file = await Deno.open(path);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const buffer = new Uint8Array(1 << 20);
  let rest = "";
  for (let size = await file.read(buffer); size !== null; size = await file.read(buffer)) {
    const lines = (rest + decoder.decode(buffer.subarray(0, size), { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
  return undefined;
}
