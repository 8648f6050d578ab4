import { exit } from "./process.ts";

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Calls back on the first SIGINT or SIGTERM, for a clean stop; the second one ends the process with 130 or 143.
 *
 * @returns Stops listening.
 */
export function onStopSignal(callback: () => void): () => void {
  let stopping = false;
  const listeners = Object.entries(SIGNALS).map(([name, code]) => {
    const signal = name as keyof typeof SIGNALS;
    const listener = () => {
      if (stopping) exit(code);
      stopping = true;
      callback();
    };
    Deno.addSignalListener(signal, listener);
    return () => Deno.removeSignalListener(signal, listener);
  });
  return () => {
    for (const remove of listeners) remove();
  };
}
