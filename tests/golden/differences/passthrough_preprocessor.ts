import type { Difference } from "../parity.ts";

export const passthroughDifferences: readonly Difference[] = [];
