import { PackflowError } from "../base/errors.ts";
import type { JsonValue } from "../base/json.ts";
import { type ChildProcess, endFirstWhenShort } from "../host/child_process.ts";
import { type Clock, systemClock } from "../host/clock.ts";
import { writeStderr } from "../host/terminal.ts";
import type { ModelName, TensorAnswers, TensorRequests } from "../oip/infer_messages.ts";
import { type DeviceNote, readDeviceNote } from "../onnx/device_notes.ts";
import type { Block, BlockResult } from "../records/block.ts";
import { readBlockResult } from "./block_result.ts";
import { startWorker } from "./launcher.ts";
import { LineRelay } from "./line_relay.ts";
import { unpackError } from "./packed_error.ts";
import { readTensorAnswers } from "./tensor_answers.ts";
import type { CallMessage } from "./worker_calls.ts";
import { workerCommand } from "./worker_command.ts";
import { describeExit, exitError, type WorkerExit } from "./worker_exit.ts";
import {
  decodeJson,
  encodeJson,
  FRAME,
  type Frame,
  FrameParser,
  framePieces,
  frameStart,
  type FrameType,
  ProtocolError,
  SECRET_LENGTH,
} from "./worker_protocol.ts";
import type { WorkerSetup } from "./worker_setup.ts";

/** Where a worker's talk goes. */
export interface WorkerHooks {
  /** Takes a line that the project's code printed; standard error when left out. */
  readonly print?: (line: string) => void;
  /** Takes what went wrong without failing an event, such as a rejection that nobody caught. */
  readonly warn?: (message: string) => void;
  /** Takes what a worker notes of the device that a model runs on. */
  readonly note?: (note: DeviceNote) => void;
  readonly clock?: Clock;
}

/** A request that waits for its answer. */
interface Pending {
  resolve(frame: Frame): void;
  reject(error: Error): void;
}

/** How long the pipes of a process that has ended may stay open, as its own children may hold them. */
const PIPE_GRACE_MS = 500;
const READY = 0;

/** A process that runs one backend of a project, seen from outside. */
export class WorkerProcess {
  /** Resolves when the backend is initialized; rejects with why it is not, and the process is then ended. */
  readonly ready: Promise<void>;
  /** Resolves when the process has ended, however that came. */
  readonly exited: Promise<WorkerExit>;
  readonly #hooks: WorkerHooks;
  readonly #parser: FrameParser;
  readonly #relay: LineRelay;
  readonly #pending = new Map<number, Pending>();
  #child: ChildProcess | undefined;
  /** Why no request can be answered any more. */
  #failure: PackflowError | undefined;
  #lastId = READY;
  #isReady = false;

  private constructor(setup: WorkerSetup, hooks: WorkerHooks) {
    const secret = crypto.getRandomValues(new Uint8Array(SECRET_LENGTH));
    const { print = (line) => writeStderr(`${line}\n`), clock = systemClock } = hooks;
    this.#hooks = hooks;
    this.#parser = new FrameParser(secret);
    this.#relay = new LineRelay({ write: print, now: () => clock.now() });
    const ready = this.#answerTo(READY).then(() => {
      this.#isReady = true;
    });
    // Whoever does not wait for it hears the same from the first request.
    ready.catch(() => {});
    this.ready = ready;
    this.exited = this.#run(setup, secret);
  }

  /** Starts a worker; resolves when its backend is initialized. */
  static async start(setup: WorkerSetup, hooks: WorkerHooks = {}): Promise<WorkerProcess> {
    const worker = WorkerProcess.spawn(setup, hooks);
    await worker.ready;
    return worker;
  }

  /** Starts a worker and does not wait: its `ready` tells the rest, and `kill` ends it meanwhile. */
  static spawn(setup: WorkerSetup, hooks: WorkerHooks = {}): WorkerProcess {
    return new WorkerProcess(setup, hooks);
  }

  /** Works on a block, whose bytes must stay as they are until then. Several may be under way; they go in order. */
  async process(block: Block): Promise<BlockResult> {
    const { ranges } = block;
    const head = ranges === undefined
      ? undefined
      : new Uint8Array(ranges.buffer, ranges.byteOffset, ranges.byteLength);
    const frame = await this.#request(FRAME.block, {
      ...(head === undefined ? {} : { head }),
      body: block.bytes,
    });
    const result = readBlockResult(this.#jsonOf(frame), frame.body);
    if (result === undefined) throw this.#violation("the result of a block is not one");
    return result;
  }

  /** Works on requests of the Open Inference Protocol as one batch, under the name that the answers are to bear. */
  async infer(requests: TensorRequests, model: ModelName): Promise<TensorAnswers> {
    const head = encodeJson({ model, lengths: requests.lengths });
    const frame = await this.#request(FRAME.infer, { head, body: requests.bytes });
    const answers = readTensorAnswers(this.#jsonOf(frame), frame.body);
    if (answers === undefined) throw this.#violation("the answer to requests is not one");
    return answers;
  }

  /** Asks the backend something outside of a stream: see `worker_calls`. */
  async call(op: CallMessage["op"], payload: JsonValue): Promise<JsonValue> {
    const frame = await this.#request(FRAME.call, { head: encodeJson({ op, payload }) });
    const answer: JsonValue = this.#jsonOf(frame);
    return answer;
  }

  /** The process, once it has been started. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Ends the process at once. Requests under way are rejected with `error`. */
  kill(error?: PackflowError): void {
    this.#fail(error ?? new PackflowError("worker.exited", "Cannot go on with a worker as it was stopped"));
  }

  /** Disposes of the backend and ends the process; throws what disposing threw. */
  async close(): Promise<void> {
    try {
      if (this.#failure === undefined) await this.#request(FRAME.close, {});
    } finally {
      this.kill();
      await this.exited;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #run(setup: WorkerSetup, secret: Uint8Array): Promise<WorkerExit> {
    try {
      const command = await workerCommand(setup.place, setup.facts);
      if (this.#failure !== undefined) return { code: 0, signal: null, reason: "it was not started" };
      const child = startWorker(command);
      this.#child = child;
      endFirstWhenShort(child.pid);
      const streams = Promise.all([this.#readFrames(child), this.#readErrors(child)]);
      this.#setUp(setup, secret).catch((error) => this.#fail(asPackflowError(error)));
      return await this.#ended(child, streams);
    } catch (error) {
      this.#fail(asPackflowError(error));
      return { code: 1, signal: null, reason: "it could not be started" };
    }
  }

  async #setUp(setup: WorkerSetup, secret: Uint8Array): Promise<void> {
    const { place, reference, build, block, models, facts } = setup;
    const bundle = await setup.bundle;
    const isConfined = place.sandbox.mode !== "off";
    const kept = [
      ...(place.sandbox.allowNet === undefined ? [] : ["net"]),
      // The environment holds nothing but what may be read.
      "env",
    ];
    const head = encodeJson({
      folder: place.folder,
      reference,
      build,
      bundle,
      block,
      models,
      isConfined,
      kept: facts.isCompiled ? kept : undefined,
    });
    // Rejects when the process ends, which fails the worker with the reason.
    await this.#send(frameStart(FRAME.setup, READY, { head, body: secret }), secret).catch(() => {});
  }

  async #ended(child: ChildProcess, streams: Promise<unknown>): Promise<WorkerExit> {
    const status = await child.ended;
    const { clock = systemClock } = this.#hooks;
    const grace = Promise.withResolvers<void>();
    const cancel = clock.after(PIPE_GRACE_MS, grace.resolve);
    await Promise.race([streams, grace.promise]);
    cancel();
    this.#relay.end();
    const stopped = this.#failure;
    const exit = stopped === undefined
      ? describeExit(status, this.#relay.tail)
      : { ...status, reason: "it was stopped" };
    this.#fail(exitError(exit, this.#relay.tail));
    return exit;
  }

  async #readFrames({ output }: ChildProcess): Promise<void> {
    try {
      for await (const chunk of output) {
        for (const frame of this.#parser.push(chunk)) this.#take(frame);
      }
    } catch (error) {
      // A violation found deeper has been told.
      if (error instanceof PackflowError) return;
      if (!(error instanceof ProtocolError)) throw error;
      this.#violation(`it begins with ${JSON.stringify(new TextDecoder().decode(error.received))}`);
    }
  }

  async #readErrors({ errors }: ChildProcess): Promise<void> {
    for await (const chunk of errors) this.#relay.push(chunk);
  }

  #take(frame: Frame): void {
    if (frame.type === FRAME.warning) {
      const text = this.#jsonOf(frame);
      if (typeof text === "string") this.#hooks.warn?.(text);
      return;
    }
    if (frame.type === FRAME.note) {
      const note = readDeviceNote(this.#jsonOf(frame));
      if (note !== undefined) this.#hooks.note?.(note);
      return;
    }
    const pending = this.#pending.get(frame.id);
    if (pending === undefined) {
      this.#violation("it answers what was not asked");
      return;
    }
    this.#pending.delete(frame.id);
    if (frame.type !== FRAME.failure) return pending.resolve(frame);
    const error = unpackError(this.#jsonOf(frame));
    pending.reject(error);
    if (frame.id === READY) this.#fail(error);
  }

  #jsonOf(frame: Frame): JsonValue {
    try {
      return decodeJson(frame.head);
    } catch {
      throw this.#violation("the head of a frame is not JSON");
    }
  }

  async #request(type: FrameType, parts: { head?: Uint8Array; body?: Uint8Array }): Promise<Frame> {
    if (!this.#isReady) await this.ready;
    if (this.#failure !== undefined) throw this.#failure;
    const id = ++this.#lastId;
    const answer = this.#answerTo(id);
    // Rejects when the process ends, which rejects the answer with the reason.
    this.#send(...framePieces(type, id, parts)).catch(() => {});
    return await answer;
  }

  #answerTo(id: number): Promise<Frame> {
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
  }

  async #send(start: Uint8Array, body: Uint8Array = new Uint8Array(0)): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const started = child.write(start);
    if (body.length > 0) await Promise.all([started, child.write(body)]);
    else await started;
  }

  #violation(what: string): PackflowError {
    const error = new PackflowError(
      "worker.protocol",
      `Cannot read what a worker sent as project code must leave its standard output alone: ${what}`,
    );
    this.#fail(error);
    return error;
  }

  #fail(error: PackflowError): void {
    this.#failure ??= error;
    for (const { reject } of this.#pending.values()) reject(this.#failure);
    this.#pending.clear();
    this.#child?.kill();
  }
}

function asPackflowError(error: unknown): PackflowError {
  if (error instanceof PackflowError) return error;
  return new PackflowError("worker.exited", `Cannot start a worker: ${String(error)}`, { cause: error });
}
