/** Makes everything that `console` prints go to standard error: some of its methods go to standard output. */
export function printToStderr(): void {
  const talk = globalThis.console;
  const print = talk.error.bind(talk);
  const counts = new Map<string, number>();
  const timers = new Map<string, number>();
  const elapsed = (label: string, ...data: unknown[]) => {
    const start = timers.get(label);
    if (start !== undefined) print(`${label}: ${(performance.now() - start).toFixed(3)}ms`, ...data);
  };
  Object.assign(talk, {
    log: print,
    info: print,
    debug: print,
    dir: (value: unknown) => print(value),
    dirxml: print,
    table: (data: unknown) => print(data),
    group: print,
    groupCollapsed: print,
    groupEnd() {},
    clear() {},
    count(label = "default") {
      const count = (counts.get(label) ?? 0) + 1;
      counts.set(label, count);
      print(`${label}: ${count}`);
    },
    countReset: (label = "default") => counts.delete(label),
    time: (label = "default") => timers.set(label, performance.now()),
    timeLog: (label = "default", ...data: unknown[]) => elapsed(label, ...data),
    timeEnd(label = "default") {
      elapsed(label);
      timers.delete(label);
    },
  });
}
