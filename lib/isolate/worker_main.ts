import type { AnyBackend, BackendOptions } from "../backend/inference_backend.ts";
import { messageOf, PackflowError } from "../base/errors.ts";
import type { BackendReference } from "../config/backend_reference.ts";
import { args } from "../host/process.ts";
import { softenProcessEnv } from "../host/process_env.ts";
import {
  hideGlobals,
  onLateError,
  revokePermissions,
  takeStdio,
  type WorkerStdio,
} from "../host/worker_stdio.ts";
import { buildBackend } from "../loader/build_backend.ts";
import type { Bundle } from "../loader/bundle_project.ts";
import { placeOfError } from "../backend/error_place.ts";
import { onDeviceNote } from "../onnx/device_notes.ts";
import { askOfModels, type ModelOptions } from "../onnx/devices.ts";
import { warmWebRuntime } from "../onnx/web_runtime.ts";
import type { ModelName, RequestLength } from "../oip/infer_messages.ts";
import { InferProcessor } from "../oip/infer_processor.ts";
import type { BlockOptions } from "../records/block.ts";
import { BlockProcessor } from "../records/process_block.ts";
import { resultHead } from "./block_result.ts";
import { packAnswers } from "./tensor_answers.ts";
import { FrameWriter } from "./frame_writer.ts";
import { packError } from "./packed_error.ts";
import { answerCall, type CallMessage } from "./worker_calls.ts";
import { wantsRuntime } from "./wants_runtime.ts";
import { WARM_ARGUMENT } from "./worker_command.ts";
import { decodeText, encodeJson, FRAME, type Frame, FrameParser } from "./worker_protocol.ts";

/** The head of a setup frame; its body is the secret. */
interface SetupMessage {
  readonly folder: string;
  readonly reference: BackendReference;
  readonly build: BackendOptions;
  readonly bundle?: Bundle;
  readonly block?: BlockOptions;
  readonly models: ModelOptions;
  /** Whether to take from the code what lies outside of the project. */
  readonly isConfined: boolean;
  /** Permissions to keep, where this process gives up the others itself. */
  readonly kept?: readonly string[];
}

/** The head of an infer frame. */
interface InferMessage {
  readonly model: ModelName;
  readonly lengths: readonly RequestLength[];
}

const PERMISSIONS = ["net", "env", "run", "ffi", "sys", "write", "import"];
const MAX_WARNINGS = 20;
const READ_SIZE = 262_144;
/** Taken before code of the project can replace it. */
const startTimer = setTimeout;

/** Runs a project's backend for the process at the other end of the pipes, until that closes them. */
export async function runWorker(): Promise<void> {
  const stdio = takeStdio();
  if (args().includes(WARM_ARGUMENT)) warmWebRuntime();
  const frames = readFrames(stdio);
  const { value: first } = await frames.next();
  if (first === undefined) return;
  // What the main process of this very program wrote.
  const setup: SetupMessage = JSON.parse(decodeText(first.head));
  const writer = new FrameWriter(stdio, first.body);
  confine(setup);
  warnOfLateErrors(writer, setup.folder);
  onDeviceNote(({ level, message }) => writer.send(FRAME.note, 0, { head: encodeJson({ level, message }) }));
  askOfModels(setup.models);
  try {
    const { bundle, reference, build, folder, models } = setup;
    const isModelOpened = bundle?.code.includes("openModel") === true;
    const config = { ...build.manifestConfig, ...build.config, ...models };
    if (isModelOpened && await wantsRuntime(folder, config)) {
      warmWebRuntime();
    }
    const backend = await buildBackend({ folder, reference, build: { ...build, folder }, bundle });
    writer.send(FRAME.ready, 0, {});
    await serve(frames, new Desk(backend, setup, writer));
  } catch (error) {
    writer.send(FRAME.failure, 0, { head: encodeJson(packError(error)) });
  }
  stdio.exit(0);
}

async function serve(frames: AsyncGenerator<Frame, void>, desk: Desk): Promise<void> {
  for await (const frame of frames) await desk.answer(frame);
}

/** Answers frames, one after the other. */
class Desk {
  readonly #backend: AnyBackend;
  readonly #processor: BlockProcessor | undefined;
  readonly #requests: InferProcessor | undefined;
  readonly #writer: FrameWriter;
  readonly #folder: string;

  constructor(backend: AnyBackend, { block, folder }: SetupMessage, writer: FrameWriter) {
    this.#backend = backend;
    this.#processor = block === undefined ? undefined : new BlockProcessor(backend, block);
    this.#requests = this.#processor && new InferProcessor(backend, this.#processor);
    this.#writer = writer;
    this.#folder = folder;
  }

  async answer({ type, id, head, body }: Frame): Promise<void> {
    try {
      if (type === FRAME.block && this.#processor !== undefined) {
        const ranges = head.length === 0 ? {} : { ranges: new Uint32Array(head.buffer) };
        const result = await this.#processor.process({ bytes: body, ...ranges });
        this.#writer.send(FRAME.result, id, { head: encodeJson(resultHead(result)), body: result.output });
      } else if (type === FRAME.infer && this.#requests !== undefined) {
        const { lengths, model }: InferMessage = JSON.parse(decodeText(head));
        const { answers, bytes } = packAnswers(await this.#requests.process(body, lengths, model));
        this.#writer.send(FRAME.inferred, id, { head: encodeJson(answers), body: bytes });
      } else if (type === FRAME.call) {
        const call: CallMessage = JSON.parse(decodeText(head));
        const answer = await answerCall(this.#backend, call);
        this.#writer.send(FRAME.answer, id, { head: encodeJson(answer) });
      } else if (type === FRAME.close) {
        await this.#dispose();
        // A rejection that nobody caught is told when the event loop turns, which the process may not live to see.
        await new Promise((turned) => startTimer(turned, 0));
        this.#writer.send(FRAME.answer, id, { head: encodeJson(null) });
      }
    } catch (error) {
      this.#writer.send(FRAME.failure, id, { head: encodeJson(packError(error)) });
    }
  }

  async #dispose(): Promise<void> {
    try {
      await this.#backend.dispose();
    } catch (cause) {
      if (cause instanceof PackflowError) throw cause;
      throw new PackflowError(
        "backend.hook_failed",
        `Cannot dispose of the backend as it threw: ${messageOf(cause)}`,
        {
          cause,
          place: { hook: "dispose", ...placeOfError(cause, this.#folder) },
        },
      );
    }
  }
}

/** Frames from standard input, until it ends. */
async function* readFrames(stdio: WorkerStdio): AsyncGenerator<Frame, void> {
  const parser = new FrameParser();
  const buffer = new Uint8Array(READ_SIZE);
  while (true) {
    let size = await stdio.read(buffer);
    if (size === null) return;
    const frames = [...parser.push(buffer.subarray(0, size))];
    // The rest of a frame is on its way: waiting for it in place is faster.
    while (parser.isPartial) {
      size = stdio.readSync(buffer);
      if (size === null) return;
      frames.push(...parser.push(buffer.subarray(0, size)));
    }
    yield* frames;
  }
}

function confine({ isConfined, kept }: SetupMessage): void {
  if (!isConfined) return;
  hideGlobals();
  softenProcessEnv();
  if (kept !== undefined) revokePermissions(PERMISSIONS.filter((name) => !kept.includes(name)));
}

function warnOfLateErrors(writer: FrameWriter, folder: string): void {
  let warnings = 0;
  onLateError((error) => {
    if (++warnings > MAX_WARNINGS) return;
    const { cause = {} } = packError(new PackflowError("internal.unexpected", "", { cause: error }));
    const text = typeof cause === "object" && cause !== null && "message" in cause
      ? String(cause.message)
      : "";
    const place = placeOfError(error, folder);
    const at = place === undefined ? "" : ` at ${place.file}:${place.line}:${place.column}`;
    writer.send(FRAME.warning, 0, {
      head: encodeJson(`The project's code left an error uncaught${at}: ${text}`),
    });
  });
}

if (import.meta.main) await runWorker();
