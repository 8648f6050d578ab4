import { joinBytes } from "../base/bytes.ts";
import type { AnyBackend } from "../backend/inference_backend.ts";
import { type TensorModel, tensorModelOf } from "../backend/tensor_model.ts";
import { PackflowError } from "../base/errors.ts";
import type { Tensor } from "../onnx/session.ts";
import type { BlockProcessor } from "../records/process_block.ts";
import { EVENT_INPUT, RESULT_OUTPUT } from "./describe.ts";
import type { ModelName, RequestLength } from "./infer_messages.ts";
import { type InferRequest, invalid, readInferRequest } from "./infer_request.ts";
import { type InferResponse, writeInferResponse } from "./infer_response.ts";
import { knownName } from "./known_name.ts";
import { readTensor } from "./tensor_reader.ts";
import { feedOf, fitTogether, joinFeeds, rowsOf, runFeed, type TensorFeed } from "./tensor_runs.ts";

/** What came of a request: an answer, or why there is none. */
export type InferAnswer = InferResponse | { readonly error: unknown };

/** A request while it is worked on. */
interface Work {
  readonly request: InferRequest;
  answer: InferAnswer | undefined;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const NEWLINE = 0x0a;

/** Answers requests of the Open Inference Protocol with one backend, several of them as one batch. */
export class InferProcessor {
  readonly #model: TensorModel | undefined;
  readonly #events: BlockProcessor;

  /** @param events Answers events of a backend that takes no tensors; fails them one by one ("emit"). */
  constructor(backend: AnyBackend, events: BlockProcessor) {
    this.#model = tensorModelOf(backend);
    this.#events = events;
  }

  /** Answers each request; what fails in one is that one's error. */
  async process(
    bytes: Uint8Array,
    lengths: readonly RequestLength[],
    name: ModelName,
  ): Promise<readonly InferAnswer[]> {
    let at = 0;
    const works = lengths.map(({ body, header }): Work | { error: unknown } => {
      at += body;
      return attempt(() => ({
        request: readInferRequest(bytes.subarray(at - body, at), header),
        answer: undefined,
      }));
    });
    const good = works.flatMap((work) => "error" in work ? [] : [work]);
    if (this.#model === undefined) await this.#answerEvents(good, name);
    else await answerTensors(this.#model, good, name);
    return works.map((work) => "error" in work ? work : work.answer ?? { error: unanswered() });
  }

  /** Events as texts: all requests' events are one block. */
  async #answerEvents(works: readonly Work[], name: ModelName): Promise<void> {
    const parts: { work: Work; texts: readonly string[]; dims: readonly number[] }[] = [];
    for (const work of works) {
      const read = attempt(() => eventTexts(work.request));
      if ("error" in read) work.answer = read;
      else parts.push({ work, ...read });
    }
    const { bytes, ranges } = blockOf(parts.flatMap(({ texts }) => texts));
    const { output, failures } = await this.#events.process({ bytes, ranges });
    const results = decoder.decode(output).split("\n");
    let first = 0;
    for (const { work, texts, dims } of parts) {
      const from = first;
      first += texts.length;
      const failure = failures.find(({ index }) => index >= from && index < from + texts.length);
      work.answer = attempt(() => {
        if (failure !== undefined) throw new PackflowError(failure.code, failure.message);
        const result: Tensor = { type: "string", data: results.slice(from, from + texts.length), dims };
        return writeInferResponse(work.request, name, new Map([[RESULT_OUTPUT, result]]));
      });
    }
  }
}

async function answerTensors(model: TensorModel, works: readonly Work[], name: ModelName): Promise<void> {
  let group: { work: Work; feed: TensorFeed }[] = [];
  for (const work of works) {
    const feed = attempt(() => feedOf(work.request, model));
    if ("error" in feed) {
      work.answer = feed;
      continue;
    }
    const [first] = group;
    if (first !== undefined && !fitTogether(first.feed, feed)) {
      await answerGroup(model, group, name);
      group = [];
    }
    group.push({ work, feed });
  }
  await answerGroup(model, group, name);
}

/** Answers requests whose tensors can be run as one; where that fails, each is run alone. */
async function answerGroup(
  model: TensorModel,
  group: readonly { readonly work: Work; readonly feed: TensorFeed }[],
  name: ModelName,
): Promise<void> {
  if (group.length === 0) return;
  let outputs: Map<string, Tensor>;
  try {
    outputs = await runFeed(model, joinFeeds(group.map(({ feed }) => feed)));
  } catch (error) {
    const [only, ...others] = group;
    if (only !== undefined && others.length === 0) only.work.answer = { error };
    else for (const each of group) await answerGroup(model, [each], name);
    return;
  }
  let first = 0;
  for (const { work, feed } of group) {
    const from = first;
    first += feed.rows;
    const own = new Map([...outputs].map(([output, tensor]) => [output, rowsOf(tensor, from, feed.rows)]));
    work.answer = attempt(() => writeInferResponse(work.request, name, own));
  }
}

function eventTexts({ inputs }: InferRequest): { texts: readonly string[]; dims: readonly number[] } {
  const [input, ...others] = inputs;
  if (input === undefined || others.length > 0 || knownName(input.name, [EVENT_INPUT]) !== EVENT_INPUT) {
    throw invalid(`it must have one input, "${EVENT_INPUT}", of texts that are events as JSON`);
  }
  const { data, dims } = readTensor(input, "string");
  return { texts: data instanceof Array ? data : [], dims };
}

function blockOf(texts: readonly string[]): { bytes: Uint8Array; ranges: Uint32Array } {
  const parts = texts.map((text) => encoder.encode(text));
  const ranges = new Uint32Array(2 * parts.length);
  let at = 0;
  for (const [index, { length }] of parts.entries()) {
    ranges[2 * index] = at;
    ranges[2 * index + 1] = at + length;
    at += length + 1;
  }
  return { bytes: joinBytes(parts.flatMap((part) => [part, Uint8Array.of(NEWLINE)])), ranges };
}

function attempt<T>(work: () => T): T | { error: unknown } {
  try {
    return work();
  } catch (error) {
    return { error };
  }
}

function unanswered(): PackflowError {
  return new PackflowError("internal.unexpected", "Cannot answer the request as nothing was made of it");
}
