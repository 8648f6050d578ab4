import { type PythonEnvironment, pythonEnvironment } from "./python_environment.ts";

/** The engines that tests drive Packflow with, and what of PyPI each needs. */
const PACKAGES = {
  /** Half a gigabyte; needs Java 17. */
  spark: ["pyspark==4.3.0"],
  ray: ["ray==2.60.0", "pyarrow==26.0.1", "pandas==3.1.1", "fsspec==2026.9.0"],
  beam: ["apache-beam==2.77.0"],
  /** Checks Kubernetes manifests against the schemas of Kubernetes, without a cluster. */
  kubernetes: ["kubernetes-validate==1.37.0", "PyYAML==6.0.3"],
} as const;

/** What a test needs of Python. */
export type Engine = keyof typeof PACKAGES;

/** A Python that has an engine, in an environment made if need be outside of the repository; or why there is none. */
export async function enginePython(
  engine: Engine,
): Promise<PythonEnvironment | { readonly missing: string }> {
  return await pythonEnvironment({ cache: "packflow-engines", packages: PACKAGES[engine] });
}
