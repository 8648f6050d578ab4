import { messageOf, PackflowError } from "../base/errors.ts";
import { isJsonObject, type JsonObject, kindOf } from "../base/json.ts";
import { nearestName } from "../base/nearest_name.ts";
import { parseJsonWithComments } from "../config/json_with_comments.ts";
import { getEnv } from "../host/env.ts";
import { readTextFile } from "../host/files.ts";
import { dirname, resolvePath } from "../host/path.ts";

/** The ways of proving who one is. */
const MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] as const;

/** How to be let in by a cluster. */
export interface KafkaSecurity {
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly sasl?: {
    readonly mechanism: typeof MECHANISMS[number];
    readonly username: string;
    readonly password: string;
  };
}

/** Names of what the file of `--kafka-config` may hold. */
const KEYS = ["tls", "sasl"];
const TLS_KEYS = ["ca", "cert", "key"];
const SASL_KEYS = ["mechanism", "username", "password", "passwordFile"];

/**
 * Reads how to be let in: from a file, and from the environment, which comes before it.
 *
 * @param file Path of the file; PACKFLOW_KAFKA_CONFIG where left out.
 * @throws {PackflowError} `usage.invalid`. No message holds a password.
 */
export async function readKafkaSecurity(file: string | undefined): Promise<KafkaSecurity> {
  const path = file ?? (getEnv("PACKFLOW_KAFKA_CONFIG") || undefined);
  const settings = path === undefined ? {} : await readSettings(path);
  const place = path ?? "the environment";
  const tls = await tlsOf(settings.tls, place);
  const sasl = await saslOf(settings.sasl, place);
  return {
    ...(tls === undefined ? {} : { tls }),
    ...(sasl === undefined ? {} : { sasl }),
  };
}

async function readSettings(path: string): Promise<JsonObject> {
  const { value, problems } = parseJsonWithComments(await readNamed(path, "the settings for Kafka"));
  const [problem] = problems;
  if (problem !== undefined) throw invalid(path, problem.reason);
  return objectOf(value, { path, name: "it", keys: KEYS });
}

async function tlsOf(value: unknown, path: string): Promise<KafkaSecurity["tls"]> {
  const asked = getEnv("PACKFLOW_KAFKA_TLS");
  if (asked !== undefined && !["", "true", "false"].includes(asked)) {
    throw new PackflowError(
      "usage.invalid",
      `Cannot use PACKFLOW_KAFKA_TLS as it must be true or false: current value is "${asked}"`,
    );
  }
  if (asked === "false" || value === false) return undefined;
  if (value === undefined || value === true) return asked === "true" || value === true ? {} : undefined;
  const files = objectOf(value, { path, name: '"tls"', keys: TLS_KEYS });
  const found: Record<string, string> = {};
  for (const key of TLS_KEYS) {
    const name = files[key];
    if (name === undefined) continue;
    if (typeof name !== "string") throw invalid(path, `"tls.${key}" must be the path of a file`);
    found[key] = await readNamed(resolvePath(dirname(path), name), `"tls.${key}"`);
  }
  return found;
}

async function saslOf(value: unknown, path: string): Promise<KafkaSecurity["sasl"]> {
  const settings = value === undefined ? {} : objectOf(value, { path, name: '"sasl"', keys: SASL_KEYS });
  const mechanism = getEnv("PACKFLOW_KAFKA_SASL_MECHANISM") || settings.mechanism || "SCRAM-SHA-512";
  const username = getEnv("PACKFLOW_KAFKA_USERNAME") || settings.username;
  const password = getEnv("PACKFLOW_KAFKA_PASSWORD") ||
    (settings.password ?? await passwordOf(settings.passwordFile, path));
  if (username === undefined && password === undefined && value === undefined) return undefined;
  const known = MECHANISMS.find((each) => each === mechanism);
  if (known === undefined) throw invalid(path, `the mechanism must be ${MECHANISMS.join(", ")}`);
  if (typeof username !== "string" || typeof password !== "string") {
    throw invalid(path, "user and password must both be given, as texts");
  }
  return { mechanism: known, username, password };
}

async function passwordOf(name: unknown, path: string): Promise<string | undefined> {
  if (name === undefined) return undefined;
  if (typeof name !== "string") throw invalid(path, '"sasl.passwordFile" must be the path of a file');
  return (await readNamed(resolvePath(dirname(path), name), '"sasl.passwordFile"')).replace(/\r?\n$/, "");
}

function objectOf(
  value: unknown,
  { path, name, keys }: { path: string; name: string; keys: readonly string[] },
): JsonObject {
  if (!isJsonObject(value)) {
    throw invalid(path, `${name} must be an object: current value is ${kindOf(value)}`);
  }
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown === undefined) return value;
  const near = nearestName(unknown, keys);
  const hint = near === undefined ? `known are ${keys.join(", ")}` : `did you mean "${near}"?`;
  throw invalid(path, `${name} holds "${unknown}", which is no setting: ${hint}`);
}

async function readNamed(path: string, what: string): Promise<string> {
  try {
    return await readTextFile(path);
  } catch (cause) {
    throw new PackflowError("usage.invalid", `Cannot read ${what} from "${path}": ${messageOf(cause)}`, {
      cause,
      place: { file: path },
    });
  }
}

function invalid(path: string, reason: string): PackflowError {
  return new PackflowError("usage.invalid", `Cannot use the settings for Kafka of "${path}" as ${reason}`, {
    place: { file: path },
  });
}
