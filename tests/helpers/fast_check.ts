/** Property tests: https://fast-check.dev (MIT). The seed is fixed so that every run tries the same cases. */
import fastCheck from "npm:fast-check@4.10.2";

export type { Arbitrary } from "npm:fast-check@4.10.2";

export const fc = fastCheck;
fc.configureGlobal({ seed: 20_260_101, endOnFailure: true });
