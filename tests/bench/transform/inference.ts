import { BackendConfig, type EventRecord, InferenceBackend, type Records, z } from "packflow";

const Config = BackendConfig.extend({ threshold: z.number().default(2) });
type Config = z.infer<typeof Config>;

const WEIGHTS = new Map([["tcp", 0.1], ["udp", 0.4], ["icmp", 0.9], ["quic", 0.2]]);
const UNKNOWN_WEIGHT = 1.5;

/** Scores connections by a log-ratio, a look-up and a threshold, event by event. */
export class Backend extends InferenceBackend<Config> {
  static override config = Config;

  override execute(events: Records) {
    return events.map((event) => this.#score(event));
  }

  #score(event: EventRecord) {
    const ratio = Math.log((Number(event.bytes_out) + 1) / (Number(event.bytes_in) + 1));
    const protocol = String(event.protocol);
    const weight = WEIGHTS.get(protocol);
    const score = Math.abs(ratio) + (weight ?? UNKNOWN_WEIGHT);
    return {
      id: event.id ?? null,
      log_ratio: ratio,
      protocol: weight === undefined ? "other" : protocol,
      score,
      alert: score >= this.config.threshold,
    };
  }
}
