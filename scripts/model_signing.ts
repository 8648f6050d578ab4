import { pythonEnvironment } from "./python_environment.ts";

/** model-signing 1.1.1 imports pyOpenSSL without asking for it. */
const PACKAGES = ["model-signing==1.1.1", "pyOpenSSL==26.4.0"];

/** What a folder is signed or verified with. */
export interface SigningFiles {
  readonly folder: string;
  /** The private key to sign with, or the public one to verify with. */
  readonly key: string;
  readonly signature: string;
  /** More arguments. */
  readonly args?: readonly string[];
}

/** The tool that signs and verifies models elsewhere: https://pypi.org/project/model-signing/, Apache-2.0. */
export class ModelSigning {
  /** Such as "Python 3.11.7, model-signing 1.1.1, ...". */
  readonly versions: string;
  readonly #python: string;

  private constructor(python: string, versions: string) {
    this.#python = python;
    this.versions = versions;
  }

  /** The tool in an environment of its own, made if need be outside of the repository, or why there is none. */
  static async find(): Promise<ModelSigning | { readonly missing: string }> {
    const found = await pythonEnvironment({ cache: "packflow-model-signing", packages: PACKAGES });
    return "missing" in found ? found : new ModelSigning(found.python, found.versions);
  }

  /** Signs a folder; throws what the tool says where it does not. */
  async sign({ folder, key, signature, args = [] }: SigningFiles): Promise<void> {
    const options = ["--private_key", key, "--signature", signature, ...args];
    const said = await this.#run(["sign", "key", ...options, folder]);
    if (!said.success) throw new Error(said.text);
  }

  /** Undefined where the tool finds a folder's signature good, else what it says. */
  async complaint({ folder, key, signature, args = [] }: SigningFiles): Promise<string | undefined> {
    const options = ["--public_key", key, "--signature", signature, ...args];
    const said = await this.#run(["verify", "key", ...options, folder]);
    return said.success ? undefined : said.text;
  }

  async #run(args: readonly string[]): Promise<{ success: boolean; text: string }> {
    const command = new Deno.Command(this.#python, { args: ["-m", "model_signing", ...args] });
    const { success, stdout, stderr } = await command.output();
    const decoder = new TextDecoder();
    return { success, text: `${decoder.decode(stdout)}${decoder.decode(stderr)}`.trim() };
  }
}
