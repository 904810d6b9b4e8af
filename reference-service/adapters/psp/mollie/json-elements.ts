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
const IN_ELEMENT = '{{[{';

/** No movement, and no settlement without its movements, is longer. */
const LONGEST_PIECE = 4_000_000;
const LONGEST_REST = 64_000_000;

/** Everything that matters for where an element ends. A text's own brackets are inside its quotes. */
const STRUCTURE = /["{}[\]]/g;

/** @throws MalformedSettlementError for what is no JSON object, or was cut */
export async function* readElements(
  input: AsyncIterable<Uint8Array>,
  { fileName }: SettlementFile,
): AsyncGenerator<JsonPart[]> {
  const fail = (line: number | null, message: string): never => {
    throw new MalformedSettlementError({ fileName, line, message });
  };
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 0;
  const decode = (chunk: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: true });
    } catch {
      return fail(number, 'the file is not UTF-8');
    }
  };
  /** Open brackets, outermost first, at the beginning of `text`; an element begins a new `text`. */
  let stack = '';
  let text = '';
  let rest = '';
  const keepRest = (more: string): void => {
    rest += more;
    if (rest.length > LONGEST_REST) fail(null, 'the document is too long beside its list');
  };
  const take = (): JsonPart[] => {
    const parts: JsonPart[] = [];
    let from = 0;
    let nesting = stack;
    STRUCTURE.lastIndex = 0;
    for (let found = STRUCTURE.exec(text); found !== null; found = STRUCTURE.exec(text)) {
      const at = found.index;
      const sign = text[at];
      if (sign === '"') {
        const end = endOfString(text, at);
        // The string goes on in the next chunk; it is read again from where the text begins.
        if (end < 0) break;
        STRUCTURE.lastIndex = end + 1;
      } else if (sign === '{' || sign === '[') {
        if (nesting === LIST && sign === '{') {
          keepRest(text.slice(from, at).trim());
          from = at;
          stack = LIST;
        }
        nesting += sign;
      } else if (nesting === IN_ELEMENT) {
        nesting = LIST;
        number += 1;
        const element = text.slice(from, at + 1);
        const value = parseObject(element) ?? fail(number, 'the element is no JSON object');
        parts.push({ kind: 'element', number, text: element, value });
        keepRest('0');
        from = at + 1;
      } else nesting = nesting.slice(0, -1);
    }
    text = text.slice(from);
    // What has no end yet is read again with the next chunk.
    if (text.length > LONGEST_PIECE) fail(number + 1, 'a piece of the document is too long');
    return parts;
  };
  for await (const chunk of input) {
    text += decode(chunk);
    const parts = take();
    if (parts.length > 0) yield parts;
  }
  keepRest(text);
  const value = parseObject(rest);
  yield [
    { kind: 'rest', value: value ?? fail(number === 0 ? null : number, 'the file is no JSON object, or was cut') },
  ];
}

/** Where the string that begins at `from` has its closing quote; -1 when it has none yet. */
function endOfString(text: string, from: number): number {
  for (let end = text.indexOf('"', from + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return -1;
}
