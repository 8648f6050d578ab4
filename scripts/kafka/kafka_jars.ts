import { homedir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../bench/run_program.ts";

/** The Apache Kafka that tests and measurements run against. */
export const KAFKA_VERSION = "4.4.0";
/** Without a binding of SLF4J the broker would log nothing. */
const LOG4J_VERSION = "2.25.3";
const LEAST_JAVA = 17;

/** What a broker is started with. */
export interface KafkaProgram {
  readonly java: string;
  /** For `java -cp`. */
  readonly classPath: string;
}

/** Java and the jars of Kafka, fetched from Maven Central once into the user's cache; or why they are not there. */
export async function kafkaProgram(): Promise<KafkaProgram | { readonly missing: string }> {
  const home = Deno.env.get("JAVA_HOME");
  const java = home === undefined ? "java" : join(home, "bin", "java");
  const { success, stderr } = await runProgram({ program: java, args: ["-version"] });
  if (!success) return { missing: `a Kafka broker needs Java ${LEAST_JAVA}, and there is no "${java}"` };
  const version = Number(/version "(\d+)/.exec(stderr)?.[1]);
  if (!(version >= LEAST_JAVA)) {
    return { missing: `a Kafka broker needs Java ${LEAST_JAVA}: "${java}" is ${version}` };
  }
  const folder = await jars();
  return typeof folder === "string" ? { java, classPath: join(folder, "*") } : folder;
}

async function jars(): Promise<string | { readonly missing: string }> {
  const cache = join(Deno.env.get("XDG_CACHE_HOME") ?? join(homedir(), ".cache"), "packflow-kafka");
  await Deno.mkdir(cache, { recursive: true });
  const folder = join(cache, KAFKA_VERSION);
  // test files run in parallel: the first one fetches, the others wait for it
  using lock = await Deno.open(join(cache, ".lock"), { create: true, write: true });
  await lock.lock(true);
  if (await exists(folder)) return folder;
  const made = await Deno.makeTempDir({ dir: cache, prefix: ".new-" });
  try {
    const problem = await fetchJars(made);
    if (problem !== undefined) return { missing: problem };
    // moved when it is whole, so that one broken off is never taken for it
    await Deno.rename(join(made, "jars"), folder);
    return folder;
  } finally {
    await Deno.remove(made, { recursive: true });
  }
}

async function fetchJars(folder: string): Promise<string | undefined> {
  console.log(`Fetching Apache Kafka ${KAFKA_VERSION} from Maven Central, 43 MB`);
  const project = join(folder, "pom.xml");
  await Deno.writeTextFile(project, POM);
  const options = ["-DincludeScope=runtime", `-DoutputDirectory=${join(folder, "jars")}`];
  const { success, stdout, stderr } = await runProgram({
    program: "mvn",
    args: ["-q", "-B", "-Dstyle.color=never", "-f", project, "dependency:copy-dependencies", ...options],
  });
  if (success) return undefined;
  const [problem = ""] = `${stdout}\n${stderr}`.split("\n").filter((line) => line.trim() !== "");
  return `the jars of Kafka cannot be fetched with mvn: ${problem}`;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>packflow</groupId>
  <artifactId>kafka-broker</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${KAFKA_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-slf4j-impl</artifactId>
      <version>${LOG4J_VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;
