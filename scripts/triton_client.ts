import { pythonEnvironment } from "./python_environment.ts";

/** The client's part for HTTP needs geventhttpclient, which it asks for only as an extra. */
const PACKAGES = ["tritonclient==2.73.0", "geventhttpclient==2.6.1"];

/**
 * A Python that has NVIDIA's client of the Open Inference Protocol, https://pypi.org/project/tritonclient/, BSD, in an
 * environment made if need be outside of the repository; or why there is none.
 */
export async function tritonPython(): Promise<{ readonly python: string } | { readonly missing: string }> {
  return await pythonEnvironment({ cache: "packflow-triton-client", packages: PACKAGES, told: ["numpy"] });
}
