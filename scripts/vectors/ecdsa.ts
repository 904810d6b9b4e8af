/**
 * ECDSA whose nonce is a function of key and message (RFC 6979), because Node draws a random one
 * and a vector must come out the same on every machine. Plain arithmetic, slow, and good for
 * nothing but vectors: it is not constant in time.
 */
import { createHash, createHmac } from 'node:crypto';

export interface Curve {
  readonly alg: 'ES256' | 'ES512';
  readonly jwk: 'P-256' | 'P-521';
  readonly hash: 'sha256' | 'sha512';
  readonly p: bigint;
  readonly n: bigint;
  readonly g: readonly [bigint, bigint];
  readonly bytes: number;
}

type Point = readonly [bigint, bigint] | null;

export const P256: Curve = {
  alg: 'ES256',
  jwk: 'P-256',
  hash: 'sha256',
  p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
  n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  g: [
    0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
    0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
  ],
  bytes: 32,
};

export const P521: Curve = {
  alg: 'ES512',
  jwk: 'P-521',
  hash: 'sha512',
  p: 2n ** 521n - 1n,
  n: 0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  g: [
    0x00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66n,
    0x011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650n,
  ],
  bytes: 66,
};

/** A private key that is always the same for one text. */
export function scalarOf(text: string, { n }: Curve): bigint {
  const digest = createHash('shake256', { outputLength: 80 }).update(text).digest('hex');
  return (BigInt(`0x${digest}`) % (n - 1n)) + 1n;
}

/** The public key as two coordinates. */
export function publicPoint(scalar: bigint, curve: Curve): readonly [bigint, bigint] {
  const point = multiply(curve.g, scalar, curve);
  if (point === null) throw new Error('the scalar is a multiple of the order');
  return point;
}

/** r and s side by side, each as long as the curve. */
export function signDeterministically(message: Buffer, scalar: bigint, curve: Curve): Buffer {
  const { n, bytes, hash } = curve;
  const digest = createHash(hash).update(message).digest();
  const z = leftBits(digest, n);
  for (const k of nonces(digest, scalar, curve)) {
    const [x] = publicPoint(k, curve);
    const r = x % n;
    const s = (inverse(k, n) * (z + r * scalar)) % n;
    if (r !== 0n && s !== 0n) return Buffer.concat([toBytes(r, bytes), toBytes(s, bytes)]);
  }
  throw new Error('no nonce gave a signature');
}

/** RFC 6979, section 3.2. */
function* nonces(digest: Buffer, scalar: bigint, { n, bytes, hash }: Curve): Generator<bigint> {
  const mac = (key: Buffer, ...parts: Buffer[]): Buffer => {
    const hmac = createHmac(hash, key);
    for (const part of parts) hmac.update(part);
    return hmac.digest();
  };
  const seed = Buffer.concat([toBytes(scalar, bytes), toBytes(leftBits(digest, n) % n, bytes)]);
  let v: Buffer = Buffer.alloc(digest.length, 1);
  let key: Buffer = Buffer.alloc(digest.length, 0);
  for (const mark of [0, 1]) {
    key = mac(key, v, Buffer.from([mark]), seed);
    v = mac(key, v);
  }
  for (;;) {
    let drawn = Buffer.alloc(0);
    while (drawn.length < bytes) {
      v = mac(key, v);
      drawn = Buffer.concat([drawn, v]);
    }
    const k = leftBits(drawn.subarray(0, bytes), n);
    if (k > 0n && k < n) yield k;
    key = mac(key, v, Buffer.from([0]));
    v = mac(key, v);
  }
}

/** The leftmost bits of `bytes`, as many as the order has. */
function leftBits(bytes: Buffer, n: bigint): bigint {
  const value = BigInt(`0x${bytes.toString('hex')}`);
  const excess = bytes.length * 8 - n.toString(2).length;
  return excess > 0 ? value >> BigInt(excess) : value;
}

export function toBytes(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
}

function multiply(point: Point, scalar: bigint, curve: Curve): Point {
  let sum: Point = null;
  let power = point;
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = add(sum, power, curve);
    power = add(power, power, curve);
  }
  return sum;
}

/** Both curves have the coefficient a = -3. */
function add(one: Point, other: Point, { p }: Curve): Point {
  if (one === null) return other;
  if (other === null) return one;
  const [x1, y1] = one;
  const [x2, y2] = other;
  if (x1 === x2 && modulo(y1 + y2, p) === 0n) return null;
  const slope =
    x1 === x2 ? (3n * x1 * x1 - 3n) * inverse(modulo(2n * y1, p), p) : (y2 - y1) * inverse(modulo(x2 - x1, p), p);
  const x = modulo(slope * slope - x1 - x2, p);
  return [x, modulo(slope * (x1 - x) - y1, p)];
}

function modulo(value: bigint, by: bigint): bigint {
  const rest = value % by;
  return rest < 0n ? rest + by : rest;
}

/** Extended Euclid. */
function inverse(value: bigint, by: bigint): bigint {
  let [r0, r1, s0, s1] = [by, modulo(value, by), 0n, 1n];
  while (r1 !== 0n) {
    const quotient = r0 / r1;
    [r0, r1] = [r1, r0 - quotient * r1];
    [s0, s1] = [s1, s0 - quotient * s1];
  }
  return modulo(s0, by);
}
