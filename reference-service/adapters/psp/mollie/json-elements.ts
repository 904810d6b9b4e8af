/**
 * A JSON document with one very long list, read as it arrives: the list's elements one by one, and
 * at the end the rest of the document with a 0 in the place of each. So a settlement of a million
 * movements needs the memory of one, and a document that was cut is still noticed.
 */
import { MalformedSettlementError } from '../../../ports/settlement.ts';
import type { SettlementFile } from '../../../ports/settlement.ts';
import { parseObject } from '../exchange.ts';
import type { JsonObject } from '../exchange.ts';

export type JsonPart =
  /** `number` counts from 1. */
  { kind: 'element'; number: number; text: string; value: JsonObject } | { kind: 'rest'; value: JsonObject };

/** The list is in the second object: `{"_embedded": {"balance_transactions": [ … ]}}`. */
const LIST = '{{[';

/** No movement, and no settlement without its movements, is longer. */
const LONGEST_ELEMENT = 1_000_000;
const LONGEST_REST = 64_000_000;

const QUOTE = 34;
const BACKSLASH = 92;
const OPENING: Readonly<Record<number, string>> = { 91: '[', 123: '{' };
const CLOSING: ReadonlySet<number> = new Set([93, 125]);
const PLACEHOLDER = Buffer.from('0');

/** @throws MalformedSettlementError for what is no JSON object, or was cut */
export async function* readElements(
  input: AsyncIterable<Uint8Array>,
  { fileName }: SettlementFile,
): AsyncGenerator<JsonPart[]> {
  const fail = (line: number | null, message: string): never => {
    throw new MalformedSettlementError({ fileName, line, message });
  };
  let stack = '';
  let inString = false;
  let escaped = false;
  let inElement = false;
  let number = 0;
  let element: Buffer[] = [];
  const rest: Buffer[] = [];
  let restLength = 0;
  let elementLength = 0;
  const keepRest = (bytes: Buffer): void => {
    restLength += bytes.length;
    if (restLength > LONGEST_REST) fail(null, 'the document is too long beside its list');
    if (bytes.length > 0) rest.push(bytes);
  };
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const parts: JsonPart[] = [];
    let from = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
        continue;
      }
      if (byte === QUOTE) {
        inString = true;
        continue;
      }
      const opening = OPENING[byte];
      if (opening !== undefined) {
        if (stack === LIST && opening === '{') {
          keepRest(Buffer.from(bytes.subarray(from, at)));
          from = at;
          inElement = true;
        }
        stack += opening;
      } else if (CLOSING.has(byte)) {
        stack = stack.slice(0, -1);
        if (!inElement || stack !== LIST) continue;
        element.push(Buffer.from(bytes.subarray(from, at + 1)));
        from = at + 1;
        inElement = false;
        number += 1;
        const text = Buffer.concat(element).toString('utf8');
        element = [];
        elementLength = 0;
        const value = parseObject(text) ?? fail(number, 'the element is no JSON object');
        parts.push({ kind: 'element', number, text, value });
        keepRest(PLACEHOLDER);
      }
    }
    // A copy: the giver of a chunk may use its memory again.
    const left = Buffer.from(bytes.subarray(from));
    if (inElement) {
      element.push(left);
      elementLength += left.length;
      if (elementLength > LONGEST_ELEMENT) fail(number + 1, 'the element is too long');
    } else keepRest(left);
    if (parts.length > 0) yield parts;
  }
  if (inElement) fail(number + 1, 'the file ends in the middle of an element');
  const value = parseObject(Buffer.concat(rest).toString('utf8'));
  yield [{ kind: 'rest', value: value ?? fail(null, 'the file is no JSON object, or was cut') }];
}
