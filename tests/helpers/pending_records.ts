import { eventually } from "./eventually.ts";

const PENDING = /^packflow_pending_records\{[^}]*\} (\d+)/m;

/** Waits until a server has so many events that wait or are worked on, as its metrics tell. */
export function untilPending(count: number, metrics: () => Promise<string>): Promise<void> {
  return eventually(`${count} events are pending`, async () => {
    return Number(PENDING.exec(await metrics())?.[1]) >= count;
  });
}
