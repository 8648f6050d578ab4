/** A curve whose keys sign packages. */
export interface Curve {
  readonly name: "P-256" | "P-384";
  /** What is hashed before it is signed, as Sigstore's registry pairs them. */
  readonly hash: "SHA-256" | "SHA-384";
  /** Bytes of a coordinate and of each half of a signature. */
  readonly size: number;
  /** The object identifier, as DER. */
  readonly oid: Uint8Array<ArrayBuffer>;
  /** What stands before the two coordinates in a SubjectPublicKeyInfo. */
  readonly spkiPrefix: Uint8Array<ArrayBuffer>;
}

/** The object identifier id-ecPublicKey, as DER. */
export const EC_PUBLIC_KEY: Uint8Array<ArrayBuffer> = Uint8Array.fromHex("06072a8648ce3d0201");

/** P-521 is left out: the Deno that the binary is made with has no such keys. */
export const CURVES: readonly Curve[] = [
  {
    name: "P-256",
    hash: "SHA-256",
    size: 32,
    oid: Uint8Array.fromHex("06082a8648ce3d030107"),
    spkiPrefix: Uint8Array.fromHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"),
  },
  {
    name: "P-384",
    hash: "SHA-384",
    size: 48,
    oid: Uint8Array.fromHex("06052b81040022"),
    spkiPrefix: Uint8Array.fromHex("3076301006072a8648ce3d020106052b8104002203620004"),
  },
];

/** The names of the curves, as options take them. */
export const CURVE_NAMES: readonly Curve["name"][] = CURVES.map(({ name }) => name);

/** How WebCrypto calls keys of a curve. */
export function keyAlgorithm({ name }: Curve): EcKeyImportParams {
  return { name: "ECDSA", namedCurve: name };
}

/** How WebCrypto calls signatures of a curve's keys. */
export function signAlgorithm({ hash }: Curve): EcdsaParams {
  return { name: "ECDSA", hash };
}
