/** The SHA-256 of bytes: 64 hexadecimal digits in lower case. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const { buffer } = bytes;
  const plain = buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, bytes.byteOffset, bytes.length)
    : new Uint8Array(bytes); // shared memory, which WebCrypto refuses
  return new Uint8Array(await crypto.subtle.digest("SHA-256", plain)).toHex();
}
