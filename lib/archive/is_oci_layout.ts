import { fileInfo } from "../host/files.ts";
import { joinPath } from "../host/path.ts";

/** The file by which a folder says that it is an OCI image layout. */
export const OCI_LAYOUT_FILE = "oci-layout";

/** Whether a folder says that it is an OCI image layout. */
export async function isOciLayout(folder: string): Promise<boolean> {
  return (await fileInfo(joinPath(folder, OCI_LAYOUT_FILE)))?.kind === "file";
}
