import { joinBytes } from "../base/bytes.ts";

const SEQUENCE = 0x30;
const INTEGER = 0x02;

/**
 * The DER form of an ECDSA signature, which files hold, of the two halves that WebCrypto works with.
 *
 * @param halves r and s, each as long as a coordinate of the curve, at most 48 bytes.
 */
export function signatureToDer(halves: Uint8Array): Uint8Array<ArrayBuffer> {
  const size = halves.length / 2;
  const body = joinBytes([integer(halves.subarray(0, size)), integer(halves.subarray(size))]);
  // both integers have at most 2 + 1 + 48 bytes, so each length is one byte
  return joinBytes([Uint8Array.of(SEQUENCE, body.length), body]);
}

/** The shortest DER of a number that is not negative. */
function integer(half: Uint8Array): Uint8Array {
  const first = half.findIndex((byte) => byte !== 0);
  const digits = first === -1 ? half.subarray(-1) : half.subarray(first);
  const padded = (digits[0] ?? 0) >= 0x80 ? joinBytes([Uint8Array.of(0), digits]) : digits;
  return joinBytes([Uint8Array.of(INTEGER, padded.length), padded]);
}

/**
 * The two halves of a signature's DER form; undefined unless it is exactly what {@linkcode signatureToDer} would
 * write of two numbers above zero: one text for one signature.
 *
 * @param size Bytes of a coordinate of the curve, at most 48.
 */
export function signatureFromDer(der: Uint8Array, size: number): Uint8Array<ArrayBuffer> | undefined {
  const [tag, length] = der;
  if (tag !== SEQUENCE || length !== der.length - 2) return undefined;
  const first = readHalf(der.subarray(2), size);
  if (first === undefined) return undefined;
  const second = readHalf(first.rest, size);
  if (second === undefined || second.rest.length > 0) return undefined;
  return joinBytes([first.half, second.half]);
}

function readHalf(der: Uint8Array, size: number): { half: Uint8Array; rest: Uint8Array } | undefined {
  const [tag, length = 0] = der;
  const digits = der.subarray(2, 2 + length);
  if (tag !== INTEGER || length === 0 || digits.length !== length) return undefined;
  const [top = 0, next = 0] = digits;
  const isNegative = top >= 0x80;
  const isZeroOrPadded = top === 0 && next < 0x80;
  if (isNegative || isZeroOrPadded) return undefined;
  const number = top === 0 ? digits.subarray(1) : digits;
  if (number.length > size) return undefined;
  const half = new Uint8Array(size);
  half.set(number, size - number.length);
  return { half, rest: der.subarray(2 + length) };
}
