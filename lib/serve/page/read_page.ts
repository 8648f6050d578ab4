import { PackflowError } from "../../base/errors.ts";
import { fileErrorReason } from "../../host/file_error.ts";
import { readTextFile } from "../../host/files.ts";
import { joinPath } from "../../host/path.ts";
import { templatePath } from "../../project/templates.ts";

/** What `GET /` answers. It is the same for every service, and tells nothing of its models: no token is needed. */
export interface Page {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The page to try models with, one document with style and script inside. It asks the service for all else.
 *
 * Its headers let the browser run this very script and talk to this very service, nothing more.
 */
export async function readPage(): Promise<Page> {
  const [index, style, script] = await Promise.all([
    readPart("index.html"),
    readPart("page.css"),
    readPart("page.js"),
  ]);
  const html = index
    .replace("<style></style>", () => `<style>${style}</style>`)
    .replace('<script type="module"></script>', () => `<script type="module">${script}</script>`);
  return {
    html,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": [
        "default-src 'none'",
        `script-src '${await digestOf(script)}'`,
        `style-src '${await digestOf(style)}'`,
        "img-src data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
      ].join("; "),
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      // another version may answer here tomorrow
      "cache-control": "no-cache",
    },
  };
}

/** A file of the page. They stand beside the code, also in the binary. */
async function readPart(name: string): Promise<string> {
  try {
    const text = await readTextFile(joinPath(templatePath("page"), name));
    // browsers read CR LF, which a checkout may make, as LF before they compare digests
    return text.replaceAll("\r\n", "\n");
  } catch (cause) {
    throw new PackflowError(
      "internal.unexpected",
      `Cannot read Packflow's own page "${name}": ${fileErrorReason(cause)}`,
      { cause, remedy: "Install Packflow again" },
    );
  }
}

/** How a content security policy names a script or a style. */
async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `sha256-${new Uint8Array(digest).toBase64()}`;
}
