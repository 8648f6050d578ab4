/** A real browser, to look at pages as people do: Debian's Chromium. */
import { type Browser, chromium } from "npm:playwright-core@1.65.1";

export type { Browser };

/** Where Chromium lies; undefined where there is none. */
export function browserPath(): string | undefined {
  const paths = [
    Deno.env.get("PACKFLOW_TEST_BROWSER") ?? "",
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
  ];
  return paths.find((path) => path !== "" && isFile(path));
}

/** Starts the browser, which must be there. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = browserPath();
  if (executablePath === undefined) throw new Error("There is no Chromium");
  // the sandbox of Chromium needs what containers lack
  return await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
