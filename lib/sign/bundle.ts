import { isObject } from "../base/json.ts";
import { decodeBase64 } from "./base64.ts";
import { refuseSignature } from "./fail.ts";
import { parseStrictJson } from "./strict_json.ts";

const MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
const PAYLOAD_TYPE = "application/vnd.in-toto+json";

/** Most bytes of a signature file: room for 10,000 files of the longest names, twice. */
export const MAX_SIGNATURE_BYTES = 32 * 1024 * 1024;

/** What a signature file holds, none of it trusted yet. */
export interface Bundle {
  /** Which key was used, as the file says: its hint, or in files of older tools the key itself. */
  readonly key: { readonly hint: string } | { readonly rawBytes: Uint8Array };
  /** What was signed. */
  readonly payload: Uint8Array<ArrayBuffer>;
  /** The signature, as DER. */
  readonly signature: Uint8Array;
}

/** What of a payload is signed: DSSE's pre-authentication encoding, which binds the payload to its type. */
export function preAuthEncoding(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `);
  const bytes = new Uint8Array(head.length + payload.length);
  bytes.set(head);
  bytes.set(payload, head.length);
  return bytes;
}

/** A signature file, byte for byte as the PyPI tool model-signing writes one: Sigstore's bundle 0.3 as JSON. */
export function writeBundle(
  bundle: { hint: string; payload: Uint8Array; signature: Uint8Array },
): Uint8Array {
  const { hint, payload, signature } = bundle;
  const text = JSON.stringify({
    mediaType: MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint }, tlogEntries: [] },
    dsseEnvelope: {
      payload: payload.toBase64(),
      payloadType: PAYLOAD_TYPE,
      signatures: [{ sig: signature.toBase64(), keyid: "" }],
    },
  });
  return new TextEncoder().encode(text);
}

/**
 * Reads a signature file. A member that is not known is refused, as what it would change cannot be known either.
 *
 * @throws {PackflowError} signature.invalid_bundle, signature.unsupported
 */
export function readBundle(bytes: Uint8Array): Bundle {
  if (bytes.length > MAX_SIGNATURE_BYTES) {
    invalid(`it must have at most ${MAX_SIGNATURE_BYTES} bytes: current value is ${bytes.length}`);
  }
  const root = members(
    parseStrictJson(bytes, (rule, cause) => invalid(`the file must ${rule}`, cause)),
    "the bundle",
    { needed: ["mediaType", "verificationMaterial", "dsseEnvelope"] },
  );
  if (root["mediaType"] !== MEDIA_TYPE) unsupported(`mediaType must be "${MEDIA_TYPE}"`);
  const key = readKey(root["verificationMaterial"]);
  const envelope = members(root["dsseEnvelope"], "dsseEnvelope", {
    needed: ["payload", "payloadType", "signatures"],
  });
  if (envelope["payloadType"] !== PAYLOAD_TYPE) unsupported(`payloadType must be "${PAYLOAD_TYPE}"`);
  return {
    key,
    payload: base64(envelope["payload"], "payload"),
    signature: readSignature(envelope["signatures"]),
  };
}

function readKey(value: unknown): Bundle["key"] {
  if (isObject(value) && ("certificate" in value || "x509CertificateChain" in value)) {
    unsupported("it must be made with a key: it was made with a certificate");
  }
  const material = members(value, "verificationMaterial", {
    needed: ["publicKey"],
    allowed: ["tlogEntries"],
  });
  const { tlogEntries = [] } = material;
  if (!Array.isArray(tlogEntries)) invalid("tlogEntries must be an array");
  if (tlogEntries.length > 0) unsupported("tlogEntries must be empty: logs are not looked at");
  const { hint, rawBytes } = members(material["publicKey"], "publicKey", {
    needed: [],
    allowed: ["hint", "rawBytes", "keyDetails"],
  });
  if (typeof hint === "string" && /^[0-9a-f]{64}$/.test(hint) && rawBytes === undefined) return { hint };
  if (hint !== undefined || rawBytes === undefined) {
    invalid("publicKey must have a hint, 64 hexadecimal digits in lower case");
  }
  return { rawBytes: base64(rawBytes, "rawBytes") };
}

function readSignature(value: unknown): Uint8Array {
  if (!Array.isArray(value) || value.length !== 1) invalid("signatures must hold exactly one");
  const { sig, keyid } = members(value[0], "signatures[0]", {
    needed: ["sig"],
    allowed: ["keyid"],
  });
  if (keyid !== undefined && keyid !== null && keyid !== "") {
    unsupported("keyid must be empty: the hint of the public key says which key it is");
  }
  return base64(sig, "sig");
}

/** An object that has all members whose names are needed, and none beside but those allowed. */
function members(
  value: unknown,
  what: string,
  { needed, allowed = [] }: { needed: readonly string[]; allowed?: readonly string[] },
): Readonly<Record<string, unknown>> {
  if (!isObject(value)) return invalid(`${what} must be an object`);
  const missing = needed.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) invalid(`${what} must have "${missing}"`);
  if (Object.keys(value).some((name) => !needed.includes(name) && !allowed.includes(name))) {
    invalid(`${what} must have no member beside ${[...needed, ...allowed].join(", ")}`);
  }
  return value;
}

function base64(value: unknown, what: string): Uint8Array<ArrayBuffer> {
  const bytes = typeof value === "string" ? decodeBase64(value) : undefined;
  if (bytes === undefined || bytes.length === 0) {
    return invalid(`${what} must be base64 in its one exact form`);
  }
  return bytes;
}

function invalid(reason: string, cause?: unknown): never {
  refuseSignature("signature.invalid_bundle", reason, { cause });
}

function unsupported(reason: string): never {
  refuseSignature("signature.unsupported", reason);
}
