import { BackendConfig, type EventRecord, InferenceBackend, type Records, z } from "packflow";

/** The options of this backend: those every backend has, and one of its own. */
const Config = BackendConfig.extend({
  threshold: z.number().min(0).max(1).default(0.5).describe(
    "Score from which on a login is suspicious",
  ),
});
type Config = z.infer<typeof Config>;

/** How much each sign adds to the evidence that a login is not its owner's. */
const WEIGHTS = {
  failedAttempts: 0.6,
  newCountry: 1.5,
  newDevice: 0.9,
  night: 0.4,
};
const BIAS = -3;

/** A login, checked: what comes in is any JSON. */
interface Login {
  readonly failedAttempts: number;
  readonly newCountry: boolean;
  readonly newDevice: boolean;
  readonly hour: number;
}

/** Scores login attempts between 0 (harmless) and 1 (suspicious). Put your own model in its place. */
export class Backend extends InferenceBackend<Config> {
  static override config = Config;

  /** One result per event, in order; a single event comes as a batch of one. */
  override execute(events: Records) {
    return events.map((event) => {
      const score = scoreOf(readLogin(event));
      return { score, suspicious: score >= this.config.threshold };
    });
  }
}

function scoreOf(login: Login): number {
  const evidence = BIAS +
    WEIGHTS.failedAttempts * Math.min(login.failedAttempts, 10) +
    WEIGHTS.newCountry * Number(login.newCountry) +
    WEIGHTS.newDevice * Number(login.newDevice) +
    WEIGHTS.night * Number(login.hour < 6);
  return 1 / (1 + Math.exp(-evidence));
}

function readLogin(event: EventRecord): Login {
  return {
    failedAttempts: numberAt(event, "failed_attempts"),
    hour: numberAt(event, "hour"),
    newCountry: event.new_country === true,
    newDevice: event.new_device === true,
  };
}

function numberAt(event: EventRecord, field: string): number {
  const value = event[field];
  if (typeof value === "number") return value;
  throw new TypeError(
    `Cannot score the login as "${field}" must be a number: current value is ${String(value)}`,
  );
}
