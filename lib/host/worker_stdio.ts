import { printToStderr } from "./worker_console.ts";

/** The standard streams as the inside of a worker process uses them. */
export interface WorkerStdio {
  /** Fills a part of `buffer` and says how much; null at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** The same, waiting in place. */
  readSync(buffer: Uint8Array): number | null;
  /** Writes what the system takes at once and says how much that is. */
  writeSync(bytes: Uint8Array): number;
  /** Ends the process. */
  exit(code: number): never;
}

/**
 * Keeps standard input and output for the caller alone. For all code after this call, what is printed goes to
 * standard error, and the standard input is empty.
 */
export function takeStdio(): WorkerStdio {
  const { stdin, stdout, stderr } = Deno;
  const taken = {
    read: stdin.read.bind(stdin),
    readSync: stdin.readSync.bind(stdin),
    writeSync: stdout.writeSync.bind(stdout),
    exit: Deno.exit.bind(Deno),
  };
  redirect(stdout, {
    write: { value: (bytes: Uint8Array) => stderr.write(bytes) },
    writeSync: { value: (bytes: Uint8Array) => stderr.writeSync(bytes) },
    writable: { get: () => stderr.writable },
    close: { value: () => {} },
  });
  redirect(stdin, {
    read: { value: () => Promise.resolve(null) },
    readSync: { value: () => null },
    readable: { get: () => new ReadableStream({ start: (controller) => controller.close() }) },
    close: { value: () => {} },
  });
  printToStderr();
  return taken;
}

function redirect(stream: object, members: PropertyDescriptorMap): void {
  Object.defineProperties(stream, members);
}

/** Takes away what stores data outside of the process, or asks whoever sits at the terminal. */
export function hideGlobals(): void {
  for (const name of ["localStorage", "sessionStorage", "caches", "alert", "confirm", "prompt"]) {
    Reflect.deleteProperty(globalThis, name);
  }
}

/** Calls back with what is thrown or rejected and caught by nobody, which then does not end the process. */
export function onLateError(callback: (error: unknown) => void): void {
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    callback(event.reason);
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    callback(event.error ?? event.message);
  });
}

/** Gives up permissions for good, as far as this version of Deno knows their names. */
export function revokePermissions(names: readonly string[]): void {
  for (const name of names) {
    try {
      Deno.permissions.revokeSync({ name } as Deno.PermissionDescriptor);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
}
