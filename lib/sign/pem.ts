/** A block of a PEM file. */
export interface PemBlock {
  /** Such as "PUBLIC KEY". */
  readonly label: string;
  /** Undefined where the text between the lines is not plain base64, as with old encrypted keys. */
  readonly bytes: Uint8Array<ArrayBuffer> | undefined;
}

/** The blocks of a PEM file; text between blocks counts for nothing. */
export function pemBlocks(text: string): PemBlock[] {
  const blocks = text.matchAll(/^-----BEGIN ([A-Z0-9 ]+)-----\s*\n([^]*?)^-----END \1-----\s*$/gm);
  return Array.from(blocks, ([, label = "", body = ""]) => ({ label, bytes: bytesOf(body) }));
}

function bytesOf(body: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.fromBase64(body, { lastChunkHandling: "strict" });
  } catch {
    return undefined;
  }
}

/** A PEM block as OpenSSL writes it: lines of 64 characters, each ended by a line feed. */
export function pemText(label: string, bytes: Uint8Array): string {
  const lines = bytes.toBase64().match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.map((line) => `${line}\n`).join("")}-----END ${label}-----\n`;
}
