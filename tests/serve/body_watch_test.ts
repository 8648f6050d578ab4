import { deepStrictEqual } from "node:assert/strict";
import { BodyWatch } from "../../lib/serve/body_watch.ts";

Deno.test("those whose time is over are told, and those who left are not", () => {
  const watch = new BodyWatch();
  const expired: string[] = [];
  const waiting = (name: string, until: number) => {
    const each = {
      until,
      expire: () => {
        expired.push(name);
        watch.delete(each);
      },
    };
    watch.add(each);
    return each;
  };
  waiting("a", 10);
  watch.delete(waiting("b", 10));
  waiting("c", 20);
  watch.sweep(10);
  deepStrictEqual(expired, ["a"]);
  // With nobody left its timer goes, which the test runner would find.
  watch.sweep(20);
  deepStrictEqual(expired, ["a", "c"]);
});
