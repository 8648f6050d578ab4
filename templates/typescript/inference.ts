import { OnnxBackend, OnnxConfig, type Records, z } from "packflow";
import { FEATURES, featuresOf, Site } from "./features.ts";

/** The options of this backend: those of every ONNX model, two of them set, and one of its own. */
const Config = OnnxConfig.extend({
  model: z.string().default("model.onnx"),
  featureNames: z.array(z.string()).default([...FEATURES]),
  threshold: z.number().min(0).max(1).default(0.5).describe("Probability from which on a site is phishing"),
});
type Config = z.infer<typeof Config>;

/** What the model answers to one event. */
interface ModelResult {
  readonly label: number;
  /** Of a genuine site, and of phishing. */
  readonly probabilities: readonly [genuine: number, phishing: number];
}

/** Tells phishing sites: code makes the model's features of what a crawler found, and a decision of its answer. */
export class Backend extends OnnxBackend<Config> {
  static override config = Config;

  /** From events to the fields that the model takes, one for one and in order. */
  override transformInputs(events: Records) {
    return events.map((event) => featuresOf(Site.parse(event)));
  }

  /** From the model's results to answers, one for one and in order. */
  override transformOutputs(results: readonly ModelResult[]) {
    return results.map(({ probabilities: [, phishing] }) => ({
      phishing: phishing >= this.config.threshold,
      probability: phishing,
    }));
  }
}
