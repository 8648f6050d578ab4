export const Deno: unknown;
