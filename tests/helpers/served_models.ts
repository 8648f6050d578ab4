import type { ServedModel } from "../../lib/serve/serve_options.ts";

/** A model of numeric fields that make up one tensor. */
export const PHISHING: ServedModel = {
  name: "phishing",
  version: "1.2.0",
  platform: "packflow",
  description: "Tells phishing web sites from genuine ones",
  device: "wasm",
  inputs: [{ name: "X", datatype: "FP32", shape: [-1, 3], fields: ["popup_window", "https", "site.age"] }],
  outputs: [
    { name: "label", datatype: "INT64", shape: [-1] },
    { name: "probabilities", datatype: "FP32", shape: [-1, 2] },
  ],
  sample: { popup_window: 0, https: 0.5, site: { age: 1 } },
};

/** A backend in TypeScript, whose sample has a field of every kind, markup among them. */
export const LOGINS: ServedModel = {
  name: "logins",
  version: "0.1.0+build.7",
  platform: "packflow",
  description: "",
  inputs: [{ name: "event", datatype: "BYTES", shape: [-1] }],
  outputs: [{ name: "result", datatype: "BYTES", shape: [-1] }],
  sample: {
    user: "<img src=x onerror=document.title='taken'>",
    new_device: true,
    failed: 2,
    source: { ip: "10.0.0.1", ports: [22, 443] },
    note: null,
  },
};

/** A model of which nobody has written an event down. */
export const BARE: ServedModel = {
  name: "bare",
  version: "1.0.0",
  platform: "packflow",
  description: "",
  inputs: [
    { name: "pixels", datatype: "FP32", shape: [-1, 2, 2] },
    { name: "name", datatype: "BYTES", shape: [-1, 1] },
    { name: "seen", datatype: "BOOL", shape: [-1] },
  ],
  outputs: [{ name: "classes", datatype: "BYTES", shape: [-1, -1] }],
};
