/** What only the C library of Linux offers: Landlock, and becoming another program. */

/** The rights of Landlock's first version over files, one bit each, up to making links. */
const FILE_RIGHTS_V1 = (1n << 13n) - 1n;
const EXECUTE = 1n << 0n;
const READ_FILE = 1n << 2n;
const READ_DIR = 1n << 3n;
/** Binding and connecting TCP ports. */
const NET_RIGHTS = 3n;
/** Abstract sockets of, and signals to, processes outside. */
const SCOPES = 3n;

const CREATE_RULESET = 444n;
const ADD_RULE = 445n;
const RESTRICT_SELF = 446n;
const VERSION_QUERY = 1n;
const RULE_PATH_BENEATH = 1n;
const PR_SET_PDEATHSIG = 1;
const PR_SET_NO_NEW_PRIVS = 38;
const SIGKILL = 9n;
const O_PATH_CLOEXEC = 0o12000000;
const F_SETPIPE_SZ = 1031;
/** What a process without privileges may ask for. A block fits in, so it comes and goes while another is worked on. */
const PIPE_BYTES = 1024 * 1024;

function openLibc() {
  return Deno.dlopen("libc.so.6", {
    syscall: { parameters: ["i64", "i64", "i64", "i64", "i64"], result: "i64" },
    prctl: { parameters: ["i32", "u64", "u64", "u64", "u64"], result: "i32" },
    open: { parameters: ["buffer", "i32"], result: "i32" },
    close: { parameters: ["i32"], result: "i32" },
    fcntl: { parameters: ["i32", "i32", "i32"], result: "i32" },
    execve: { parameters: ["buffer", "buffer", "buffer"], result: "i32" },
  });
}

type Libc = ReturnType<typeof openLibc>["symbols"];

/** The version of Landlock that the kernel offers; 0 where there is none, or it is switched off. */
export function landlockVersion(): number {
  if (Deno.build.os !== "linux") return 0;
  try {
    return Math.max(0, Number(openLibc().symbols.syscall(CREATE_RULESET, 0n, 0n, VERSION_QUERY, 0n)));
  } catch {
    // No such C library, or not allowed to use it.
    return 0;
  }
}

/** A program as it is started, with the whole of its environment. */
export interface Start {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** What a program may still do after {@linkcode becomeConfined}. */
export interface Confinement {
  /** Files and folders that may be read. */
  readonly read: readonly string[];
  /** Whether TCP may be used. */
  readonly net: boolean;
}

/**
 * Puts this process under Landlock, then lets it become another program, which inherits that: same process, same
 * pipes. The process dies with its parent.
 *
 * @returns Never; throws what went wrong.
 */
export function becomeConfined(program: string, start: Start & Confinement): never {
  const { args, env, cwd, read, net } = start;
  const { symbols: libc } = openLibc();
  libc.prctl(PR_SET_PDEATHSIG, SIGKILL, 0n, 0n, 0n);
  // Where the system gives less, pipes stay as they are: slower, nothing else.
  for (const pipe of [0, 1]) libc.fcntl(pipe, F_SETPIPE_SZ, PIPE_BYTES);
  Deno.chdir(cwd);
  restrict(libc, [...read, ...mappedFiles()], net);
  const argv = cStrings([program, ...args]);
  const variables = cStrings(Object.entries(env).map(([name, value]) => `${name}=${value}`));
  libc.execve(cString(program), argv.list, variables.list);
  throw new Error(
    `Cannot become "${program}" with ${argv.kept.length} arguments, ${variables.kept.length} variables`,
  );
}

/** The program and the libraries it is running with: it needs them again to start. */
function mappedFiles(): string[] {
  const maps = Deno.readTextFileSync("/proc/self/maps");
  const files = [...maps.matchAll(/^.{20,} (\/\S.*)$/gm)].map(([, path = ""]) => path);
  return [...new Set(files), "/etc/ld.so.cache"];
}

function restrict(libc: Libc, paths: readonly string[], net: boolean): void {
  const version = landlockVersion();
  if (version === 0) throw new Error("Cannot use Landlock: the kernel does not offer it");
  const rules = ruleset(version, net);
  const fd = libc.syscall(CREATE_RULESET, addressOf(rules), BigInt(rules.length), 0n, 0n);
  if (fd < 0n) throw new Error("Cannot make a Landlock ruleset");
  for (const path of paths) allowReading(libc, fd, path);
  libc.prctl(PR_SET_NO_NEW_PRIVS, 1n, 0n, 0n, 0n);
  if (libc.syscall(RESTRICT_SELF, fd, 0n, 0n, 0n) !== 0n) throw new Error("Cannot apply Landlock");
  libc.close(Number(fd));
}

/** Everything this version of Landlock can deny, as the kernel's `struct landlock_ruleset_attr`. */
function ruleset(version: number, net: boolean): Uint8Array {
  let rights = FILE_RIGHTS_V1;
  if (version >= 2) rights |= 1n << 13n;
  if (version >= 3) rights |= 1n << 14n;
  if (version >= 5) rights |= 1n << 15n;
  const fields = [rights];
  if (version >= 4) fields.push(net ? 0n : NET_RIGHTS);
  if (version >= 6) fields.push(SCOPES);
  return new Uint8Array(new BigUint64Array(fields).buffer);
}

function allowReading(libc: Libc, ruleset: bigint, path: string): void {
  const file = libc.open(cString(path), O_PATH_CLOEXEC);
  // What is not there needs no rule.
  if (file < 0) return;
  const isFolder = Deno.statSync(path).isDirectory;
  const rule = new DataView(new ArrayBuffer(12));
  rule.setBigUint64(0, EXECUTE | READ_FILE | (isFolder ? READ_DIR : 0n), true);
  rule.setInt32(8, file, true);
  const bytes = new Uint8Array(rule.buffer);
  const result = libc.syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, addressOf(bytes), 0n);
  libc.close(file);
  if (result !== 0n) throw new Error(`Cannot add "${path}" to a Landlock ruleset`);
}

function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

/** An array of C strings that ends with a null pointer; `kept` must live as long as `list` is used. */
function cStrings(texts: readonly string[]): { list: Uint8Array<ArrayBuffer>; kept: Uint8Array[] } {
  const kept = texts.map(cString);
  const list = new BigUint64Array([...kept.map(addressOf), 0n]);
  return { list: new Uint8Array(list.buffer), kept };
}

function addressOf(bytes: Uint8Array): bigint {
  // Buffer sources of a fixed size do not move.
  return BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes as Uint8Array<ArrayBuffer>)));
}
