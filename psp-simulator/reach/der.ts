/**
 * The few forms of DER (ITU-T X.690) that a certificate is made of. Bytes in, bytes out; what
 * they mean is said in `certificate.ts`.
 */

/** One element: a tag, the length of its content, the content. */
export function element(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthBytes(content.length)]), content]);
}

export function sequence(...parts: Uint8Array[]): Buffer {
  return element(0x30, ...parts);
}

export function set(...parts: Uint8Array[]): Buffer {
  return element(0x31, ...parts);
}

/** `[n]` around other elements. */
export function explicit(number: number, ...parts: Uint8Array[]): Buffer {
  return element(0xa0 + number, ...parts);
}

/** `[n]` in place of a primitive's own tag. */
export function implicit(number: number, content: Uint8Array): Buffer {
  return element(0x80 + number, content);
}

/** A positive integer from its bytes, high byte first. */
export function integer(bytes: Uint8Array): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const significant = start < 0 ? Buffer.from([0]) : bytes.subarray(start);
  const highBit = (significant[0] ?? 0) >= 0x80;
  return element(0x02, highBit ? Buffer.concat([Buffer.from([0]), significant]) : significant);
}

export function boolean(value: boolean): Buffer {
  return element(0x01, Buffer.from([value ? 0xff : 0]));
}

export function octetString(content: Uint8Array): Buffer {
  return element(0x04, content);
}

/** `unusedBits` of the last byte carry nothing. */
export function bitString(content: Uint8Array, unusedBits = 0): Buffer {
  return element(0x03, Buffer.from([unusedBits]), content);
}

export function utf8String(text: string): Buffer {
  return element(0x0c, Buffer.from(text, 'utf8'));
}

/** `2.5.29.17` */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** Two-digit years until 2049, four digits from then on, as RFC 5280 (4.1.2.5) asks. Whole seconds. */
export function time(epochMs: number): Buffer {
  const digits = new Date(epochMs).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return Number(digits.slice(0, 4)) < 2050
    ? element(0x17, Buffer.from(digits.slice(2)))
    : element(0x18, Buffer.from(digits));
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 0x100)) bytes.unshift(rest % 0x100);
  return [0x80 + bytes.length, ...bytes];
}

function base128(value: number): number[] {
  const bytes = [value % 0x80];
  for (let rest = Math.floor(value / 0x80); rest > 0; rest = Math.floor(rest / 0x80)) {
    bytes.unshift(0x80 + (rest % 0x80));
  }
  return bytes;
}
