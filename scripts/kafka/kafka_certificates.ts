import { join } from "node:path";
import { runProgram } from "../bench/run_program.ts";

/** Certificates for a broker at 127.0.0.1 and a client of it, with the authority that signed both, in PEM files. */
export interface KafkaCertificates {
  readonly ca: string;
  /** The broker's certificate after its key, as Kafka wants them. */
  readonly broker: string;
  readonly clientCert: string;
  readonly clientKey: string;
  /** An authority that signed neither. */
  readonly otherCa: string;
}

/**
 * Makes certificates in a folder, good for a day.
 *
 * @throws {Error} where there is no openssl.
 */
export async function makeCertificates(folder: string): Promise<KafkaCertificates> {
  const file = (name: string) => join(folder, name);
  await Deno.writeTextFile(file("openssl.conf"), CONFIG);
  await makeAuthority(folder, "ca");
  await makeAuthority(folder, "other-ca");
  for (const name of ["broker", "client"]) await makeSigned(folder, name);
  const [key, cert] = await Promise.all(["broker.key", "broker.crt"].map((name) => readText(file(name))));
  await Deno.writeTextFile(file("broker.pem"), `${key}${cert}`);
  return {
    ca: file("ca.crt"),
    broker: file("broker.pem"),
    clientCert: file("client.crt"),
    clientKey: file("client.key"),
    otherCa: file("other-ca.crt"),
  };
}

const CONFIG = `[req]
distinguished_name = name
prompt = no
[name]
CN = packflow test
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[member]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = IP:127.0.0.1, DNS:localhost
`;

const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

async function makeAuthority(folder: string, name: string): Promise<void> {
  const files = ["-keyout", `${name}.key`, "-out", `${name}.crt`];
  const more = ["-x509", "-days", "1", "-extensions", "authority", "-subj", `/CN=packflow ${name}`];
  await openssl(folder, ["req", "-config", "openssl.conf", ...KEY, ...more, ...files]);
}

async function makeSigned(folder: string, name: string): Promise<void> {
  const request = ["-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.csr`];
  await openssl(folder, ["req", "-config", "openssl.conf", ...KEY, ...request]);
  const authority = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "1"];
  const extensions = ["-extfile", "openssl.conf", "-extensions", "member"];
  await openssl(folder, [
    "x509",
    "-req",
    "-in",
    `${name}.csr`,
    ...authority,
    ...extensions,
    "-out",
    `${name}.crt`,
  ]);
}

async function openssl(cwd: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await runProgram({ program: "openssl", args, cwd });
  if (!success) throw new Error(`Cannot make certificates with openssl ${args[0]}: ${stderr.trim()}`);
}

function readText(path: string): Promise<string> {
  return Deno.readTextFile(path);
}
