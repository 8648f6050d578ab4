import { doesNotThrow, throws } from "node:assert/strict";
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { Guard } from "../../lib/serve/guard.ts";

function requestWith(headers: Record<string, string>): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  Object.assign(request.headers, headers);
  return request;
}

Deno.test("bound to all addresses, any Host will do", () => {
  const guard = new Guard({ host: "0.0.0.0", token: undefined });
  doesNotThrow(() => guard.checkHost(requestWith({ host: "example.org" })));
});

Deno.test("bound to this machine, a Host must name it, whatever was asked before", () => {
  for (const host of ["127.0.0.1", "localhost", "::1", "127.8.0.1"]) {
    const guard = new Guard({ host, token: undefined });
    for (let turn = 0; turn < 2; turn++) {
      for (const own of ["localhost", "LOCALHOST:80", "127.0.0.1:8080", "[::1]:1"]) {
        doesNotThrow(() => guard.checkHost(requestWith({ host: own })));
      }
      for (
        const foreign of [
          "",
          "example.org",
          "localhost.example.org",
          "127.0.0.1@example.org",
          "localhost:80:80",
        ]
      ) {
        throws(() => guard.checkHost(requestWith({ host: foreign })), { code: "request.forbidden_host" });
      }
    }
  }
});

Deno.test("a token must be right to the last character", () => {
  const guard = new Guard({ host: "127.0.0.1", token: "abcdefgh" });
  doesNotThrow(() => guard.checkToken(requestWith({ authorization: "Bearer abcdefgh" })));
  doesNotThrow(() => guard.checkToken(requestWith({ authorization: "bearer  abcdefgh" })));
  for (const authorization of ["", "Bearer", "Bearer ", "Bearer abcdefg", "Bearer abcdefghi", "abcdefgh"]) {
    throws(() => guard.checkToken(requestWith({ authorization })), { code: "request.unauthorized" });
  }
});
