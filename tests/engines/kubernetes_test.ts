/** The Deployment of docs/scale-out.md against Kubernetes' schema: https://pypi.org/project/kubernetes-validate/ (Apache-2.0). */
import assert from "node:assert/strict";
import { join } from "node:path";
import { figure } from "../helpers/echo_run.ts";
import { engineTest, recipes } from "../helpers/engines.ts";
import { inTime } from "../helpers/in_time.ts";

const SCRIPT = join(import.meta.dirname ?? "", "kubernetes_check.py");

async function check(python: string, yaml: string): Promise<{ success: boolean; said: string }> {
  const child = new Deno.Command(python, { args: [SCRIPT], stdin: "piped", stdout: "piped", stderr: "piped" })
    .spawn();
  await new Blob([yaml]).stream().pipeTo(child.stdin);
  const { success, stdout, stderr } = await inTime(child.output(), "the end of the check");
  return { success, said: new TextDecoder().decode(success ? stdout : stderr) };
}

await engineTest(
  "the Deployment is one, and a misspelt one is not",
  { engine: "kubernetes" },
  async (python) => {
    const [deployment = ""] = await recipes("Kubernetes", "yaml");
    const { success, said } = await check(python, deployment);
    assert.ok(success, said);
    figure(`Kubernetes: checked ${said.trim()}`);
    const wrong = await check(python, deployment.replace("livenessProbe", "livelinessProbe"));
    assert.ok(!wrong.success && wrong.said.includes("livelinessProbe"), wrong.said);
  },
);
