import { PackflowError } from "../base/errors.ts";
import { type EventRecord, isObject, kindOf, type Records } from "../base/json.ts";
import type { BackendConfig } from "../config/backend_config.ts";
import { createRecordPreparation } from "./records.ts";
import { createTensorize, type Cursor, type TensorBatch } from "./tensor.ts";

/** Turns events into what a backend's `execute` receives. It never changes the events. */
export interface Preprocessor {
  /**
   * @param records A batch of events, in order.
   * @returns One record per event, in order, or one tensor with a row per event. Where the options ask for nothing
   * to be done, these are the very records given.
   * @throws {PackflowError} `event.*`, with the event's index and the field's path.
   */
  process(records: readonly EventRecord[]): Records | TensorBatch;
}

/**
 * Prepares the work that the options ask for, once, so that a call does no more than it must.
 *
 * @throws {PackflowError} `config.invalid` where options contradict each other.
 */
export function createPreprocessor(config: BackendConfig): Preprocessor {
  switch (config.inputFormat) {
    case "passthrough":
      return { process: unchanged };
    case "records":
      return createRecordsPreprocessor(config);
    case "tensor":
      return createTensorPreprocessor(config);
  }
}

/** The type says read-only so that no caller expects a change; the batch itself is handed on. */
function unchanged(records: readonly EventRecord[]): Records {
  return records as Records;
}

function createRecordsPreprocessor(config: BackendConfig): Preprocessor {
  const prepare = createRecordPreparation(config);
  if (prepare === undefined) return { process: unchanged };
  return {
    process: (records) =>
      withPlace(records, (cursor) => {
        const prepared: Records = [];
        for (let index = 0; index < records.length; index++) {
          cursor.eventIndex = index;
          prepared.push(prepare(checkedRecord(records[index], index)));
        }
        return prepared;
      }),
  };
}

function createTensorPreprocessor(config: BackendConfig): Preprocessor {
  const tensorize = createTensorize(config);
  return {
    process: (records) =>
      withPlace(records, (cursor) => {
        for (let index = 0; index < records.length; index++) checkedRecord(records[index], index);
        return tensorize(records, cursor);
      }),
  };
}

/** Runs work on a batch and adds the event's index to what it throws. */
function withPlace<Result>(records: readonly EventRecord[], work: (cursor: Cursor) => Result): Result {
  if (!Array.isArray(records)) {
    throw new PackflowError(
      "event.not_object",
      `Cannot prepare the batch as it must be an array of events: current value is ${kindOf(records)}`,
    );
  }
  const cursor: Cursor = { eventIndex: 0 };
  try {
    return work(cursor);
  } catch (error) {
    throw error instanceof PackflowError ? error.at({ eventIndex: cursor.eventIndex }) : error;
  }
}

function checkedRecord(record: unknown, index: number): EventRecord {
  if (isObject(record)) return record as EventRecord;
  throw new PackflowError(
    "event.not_object",
    `Cannot prepare event ${index} as it must be an object: current value is ${kindOf(record)}`,
    { place: { eventIndex: index } },
  );
}
