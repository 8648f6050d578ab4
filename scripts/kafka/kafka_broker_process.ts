import { join } from "node:path";
import { runProgram } from "../bench/run_program.ts";
import { type KafkaCertificates, makeCertificates } from "./kafka_certificates.ts";
import { type KafkaProgram, kafkaProgram } from "./kafka_jars.ts";
import {
  type KafkaSettings,
  type Listener,
  listenersOf,
  scramArguments,
  serverProperties,
} from "./kafka_settings.ts";
import { freePorts } from "./free_ports.ts";
import { OwnedProcess } from "./owned_process.ts";

const START_MS = 60_000;
const LOOK_MS = 50;
const READY = "from STARTING to STARTED (kafka.server.BrokerServer)";
/** How to run a broker. */
export interface KafkaBrokerOptions {
  /** Of the Java heap; 256m unless said. */
  readonly heap?: string;
  /** Listeners with TLS as well; needs openssl. */
  readonly tls?: boolean;
  /** More lines of server.properties. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Compile for speed, which makes the start slower. */
  readonly fast?: boolean;
}

/** An Apache Kafka of one node on free ports of the loopback, gone with its data when `await using` ends. */
export class KafkaBroker {
  /** The certificates of its listeners with TLS. */
  readonly certificates: KafkaCertificates | undefined;
  readonly #program: KafkaProgram;
  readonly #settings: KafkaSettings;
  readonly #options: KafkaBrokerOptions;
  #running: OwnedProcess | undefined;

  private constructor(
    program: KafkaProgram,
    settings: KafkaSettings,
    { certificates, ...options }: KafkaBrokerOptions & { certificates?: KafkaCertificates | undefined },
  ) {
    this.#program = program;
    this.#settings = settings;
    this.#options = options;
    this.certificates = certificates;
  }

  /** Starts a broker, or says why none can be had on this machine. */
  static async start(options: KafkaBrokerOptions = {}): Promise<KafkaBroker | { readonly missing: string }> {
    const program = await kafkaProgram();
    if ("missing" in program) return program;
    const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "packflow-kafka-" }));
    try {
      const certificates = options.tls === true ? await makeCertificates(folder) : undefined;
      const settings = { ports: freePorts(), folder, tls: certificates, extra: options.properties };
      const broker = new KafkaBroker(program, settings, { ...options, certificates });
      await broker.#format();
      await broker.up();
      return broker;
    } catch (error) {
      await Deno.remove(folder, { recursive: true });
      throw error;
    }
  }

  /** HOST:PORT of a listener. */
  address(listener: Listener = "PLAINTEXT"): string {
    if (!listenersOf(this.#settings).includes(listener)) {
      throw new Error(
        `Cannot use listener "${listener}" as the broker must be started with "tls": it was not`,
      );
    }
    return `127.0.0.1:${this.#settings.ports[listener]}`;
  }

  /** Starts it again with its data, at the same ports, and waits until it answers. */
  async up(): Promise<void> {
    const until = performance.now() + START_MS;
    while (!await this.#tryToStart(until)) {
      // somebody else may have taken one of its ports meanwhile, such as a client of another test
      if (performance.now() > until) throw new Error("Cannot start a Kafka broker as its ports are taken");
    }
  }

  /** Ends it, by default as one that is told to; clients then meet a closed port. */
  async down(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.end(signal);
  }

  /** Stops its clock without closing anything, or lets it go on. */
  freeze(isFrozen: boolean): void {
    this.#running?.signal(isFrozen ? "SIGSTOP" : "SIGCONT");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down("SIGKILL");
    await Deno.remove(this.#settings.folder, { recursive: true });
  }

  async #format(): Promise<void> {
    const { folder } = this.#settings;
    await Deno.writeTextFile(join(folder, "server.properties"), serverProperties(this.#settings));
    await Deno.writeTextFile(join(folder, "log4j2.yaml"), logConfig(join(folder, "server.log")));
    const id = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
    // it must not look like an option
    const name = `k${id.replace(/[+/=]/g, "x").slice(1, 22)}`;
    const command = ["format", "-t", name, "-c", join(folder, "server.properties"), ...scramArguments()];
    const { java } = this.#program;
    const args = [...this.#javaOptions(), "kafka.tools.StorageTool", ...command];
    const { success, stdout, stderr } = await runProgram({ program: java, args });
    if (!success) throw new Error(`Cannot format the folder of a Kafka broker: ${stdout}${stderr}`);
  }

  /** False if a port was taken. */
  async #tryToStart(until: number): Promise<boolean> {
    const { folder } = this.#settings;
    const log = join(folder, "server.log");
    const before = (await readOrEmpty(log)).length;
    const child = new Deno.Command(this.#program.java, {
      args: [...this.#javaOptions(), "kafka.Kafka", join(folder, "server.properties")],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    this.#running = new OwnedProcess(child);
    let text = "";
    while (!text.includes(READY)) {
      const isOver = this.#running.hasEnded || performance.now() > until;
      text = (await readOrEmpty(log)).slice(before);
      if (isOver && !text.includes(READY)) {
        await this.down("SIGKILL");
        if (text.includes("Address already in use")) return false;
        throw new Error(`Cannot start a Kafka broker as it must say so: it says ${text.slice(-3000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return true;
  }

  #javaOptions(): string[] {
    const { heap = "256m", fast = false } = this.#options;
    const compiler = fast ? [] : ["-XX:TieredStopAtLevel=1"];
    const log = `-Dlog4j2.configurationFile=${join(this.#settings.folder, "log4j2.yaml")}`;
    return [`-Xmx${heap}`, "-XX:+UseSerialGC", ...compiler, log, "-cp", this.#program.classPath];
  }
}

async function readOrEmpty(path: string): Promise<string> {
  return await Deno.readTextFile(path).catch(() => "");
}

function logConfig(file: string): string {
  const pattern = '{ pattern: "[%d] %p %m (%c)%n" }';
  return `Configuration:
  Appenders:
    File: { name: F, fileName: "${file}", append: true, PatternLayout: ${pattern} }
  Loggers:
    Logger: { name: kafka.server.BrokerServer, level: INFO }
    Root: { level: WARN, AppenderRef: [{ ref: F }] }
`;
}
