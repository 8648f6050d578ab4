import { openApi } from "../../lib/serve/openapi.ts";
import { readPage } from "../../lib/serve/page/read_page.ts";
import type { ServedModel } from "../../lib/serve/serve_options.ts";

/** A service that has the page, the description, and whatever answers a test gives. */
export interface PageService {
  readonly url: string;
  /** What came in, in order: path, type and body of each POST. */
  readonly posts: { path: string; type: string; body: string; token: string }[];
  /** What the description tells from now on. */
  models: readonly ServedModel[];
  ready: boolean;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What a service answers to a POST. */
export type Answer = (body: string, path: string) => Response | Promise<Response>;

/** Starts a service at a free port of this machine. */
export async function pageService(
  models: readonly ServedModel[],
  { answer, token }: { answer?: Answer; token?: string } = {},
): Promise<PageService> {
  const page = await readPage();
  const posts: PageService["posts"] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const given = request.headers.get("authorization") ?? "";
    if (pathname === "/") return new Response(page.html, { headers: page.headers });
    if (pathname === "/v2/health/ready") return new Response(null, { status: service.ready ? 200 : 503 });
    if (token !== undefined && given !== `Bearer ${token}`) {
      return Response.json({ error: "Cannot answer without the token" }, { status: 401 });
    }
    if (pathname === "/openapi.json") {
      return Response.json(openApi({ models: service.models, hasToken: token !== undefined }));
    }
    const body = await request.text();
    if (request.method !== "POST" || answer === undefined) return new Response(null, { status: 404 });
    posts.push({ path: pathname, type: request.headers.get("content-type") ?? "", body, token: given });
    return await answer(body, pathname);
  });
  const service: PageService = {
    url: `http://127.0.0.1:${server.addr.port}/`,
    posts,
    models,
    ready: true,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  return service;
}
