/** Streams that break off at any byte. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type EchoRun, echoRun, figure } from "../helpers/echo_run.ts";
import { bytesOf } from "../helpers/streams.ts";

/** Events of very different lengths with every kind of bracket, quote and character inside strings. */
const EVENTS = Array.from({ length: 40 }, (_, id) => {
  const text = 'é€😀,]}\n\\"[{'.slice(0, id % 11).toWellFormed() + "x".repeat((7 * id) % 31);
  return JSON.stringify(id % 3 === 0 ? { id, text, list: [id, { text }] } : { id });
});

/** Cuts a stream at every byte and checks each run against how many events lie whole before the cut. */
async function cutEverywhere(
  input: string,
  { ends, inputFormat }: { ends: readonly number[]; inputFormat: "json" | "ndjson" },
): Promise<{ cuts: number; answered: number; lost: number }> {
  const bytes = bytesOf(input);
  let answered = 0;
  let lost = 0;
  for (let cut = 0; cut <= bytes.length; cut++) {
    const run = await echoRun(bytes.subarray(0, cut), {
      inputFormat,
      chunkBytes: 1 + cut % 97,
      batchSize: 7,
    });
    const whole = ends.filter((end) => end <= cut).length;
    const results = run.lines.slice(0, whole);
    lost += whole - results.filter((line, index) => line === EVENTS[index]).length;
    answered += whole;
    checkRest(run, whole, cut);
  }
  return { cuts: bytes.length + 1, answered, lost };
}

/** What lies after the last whole event is one error at most, and no event is made of a part. */
function checkRest({ codes, summary }: EchoRun, whole: number, cut: number): void {
  deepStrictEqual(codes.slice(0, whole).filter((code) => code !== undefined), [], `cut at ${cut}`);
  const rest = codes.slice(whole);
  ok(rest.length <= 1, `cut at ${cut}: ${rest}`);
  for (const code of rest) ok(code !== undefined, `cut at ${cut}`);
  strictEqual(summary.read, codes.length);
  strictEqual(summary.outcome, "completed");
}

/** Offsets in bytes at which the events of a text end. */
function endsOf(text: string): number[] {
  let from = 0;
  return EVENTS.map((event) => {
    from = text.indexOf(event, from) + event.length;
    return bytesOf(text.slice(0, from)).length;
  });
}

Deno.test("S5: a stream cut at any byte loses no whole event, and the rest is one error", async () => {
  const total = { cuts: 0, answered: 0, lost: 0 };
  for (
    const [text, inputFormat] of [
      [EVENTS.join("\n"), "ndjson"],
      [EVENTS.join("\r\n") + "\r\n", "ndjson"],
      [`[${EVENTS.join(",")}]`, "json"],
      [` [\n${EVENTS.join(" ,\n")}\n]\n`, "json"],
    ] as const
  ) {
    const one = await cutEverywhere(text, { ends: endsOf(text), inputFormat });
    total.cuts += one.cuts;
    total.answered += one.answered;
    total.lost += one.lost;
  }
  figure(`S5 cut streams: ${total.cuts} cuts, ${total.lost} lost of ${total.answered} whole events`);
  strictEqual(total.lost, 0);
});
