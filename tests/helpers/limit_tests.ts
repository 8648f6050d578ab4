/**
 * Loaded before every test file (`--preload` in deno.json): gives each test a time limit, so that one which hangs
 * fails and lets the others go on.
 */

/** Several times what the slowest test takes on a busy machine. */
const LIMIT = { timeout: 240_000 };

Object.defineProperty(Deno, "test", {
  value: new Proxy(Deno.test, {
    apply(test, self, [first, second, third]) {
      if (typeof first === "function") return Reflect.apply(test, self, [LIMIT, first]);
      if (typeof first === "string" && typeof second === "function") {
        return Reflect.apply(test, self, [first, LIMIT, second]);
      }
      if (typeof first === "string") {
        return Reflect.apply(test, self, [first, { ...LIMIT, ...second }, third]);
      }
      return Reflect.apply(test, self, [{ ...LIMIT, ...first }, second]);
    },
  }),
});
