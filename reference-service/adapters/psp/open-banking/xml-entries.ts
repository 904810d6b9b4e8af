/**
 * A bank statement in XML (camt.053) read as it arrives: what stands before the entries, each
 * entry, and what stands behind them, as flat tables of texts by path. So a statement of a million
 * entries needs the memory of one. It knows elements and attributes, and nothing of money; what
 * XML has beside that (comments, CDATA, a document type) no statement uses, and is refused.
 */
import { MalformedSettlementError } from '../../../ports/settlement.ts';
import type { SettlementFile } from '../../../ports/settlement.ts';

/** Texts by path (`NtryDtls/TxDtls/Refs/EndToEndId`), attributes behind an `@` (`Amt@Ccy`); of several the first. */
export type Texts = ReadonlyMap<string, string>;

export type StatementPart =
  { kind: 'head'; xml: string } | { kind: 'entry'; number: number; xml: string; texts: Texts };

const LONGEST_PIECE = 4_000_000;

/** @throws MalformedSettlementError for what is no statement, or was cut */
export async function* readEntries(
  input: AsyncIterable<Uint8Array>,
  { fileName }: SettlementFile,
): AsyncGenerator<StatementPart[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let number = 0;
  const fail = (message: string): never => {
    throw new MalformedSettlementError({ fileName, line: number === 0 ? null : number, message });
  };
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      return fail('the file is not UTF-8');
    }
  };
  let head: string | null = null;
  const take = (): StatementPart[] => {
    const parts: StatementPart[] = [];
    let from = 0;
    for (;;) {
      OPENING.lastIndex = from;
      const opening = OPENING.exec(text);
      if (opening === null) break;
      const closing = `</${opening[1] ?? ''}Ntry>`;
      const end = text.indexOf(closing, opening.index);
      if (end < 0) break;
      if (head === null) {
        head = text.slice(0, opening.index);
        parts.push({ kind: 'head', xml: head });
      }
      number += 1;
      const xml = text.slice(opening.index, end + closing.length);
      parts.push({ kind: 'entry', number, xml, texts: textsOf(xml, fail) });
      from = end + closing.length;
    }
    if (head !== null) text = text.slice(from);
    return parts;
  };
  for await (const chunk of input) {
    text += decode(chunk);
    const parts = take();
    if (text.length > LONGEST_PIECE) fail('a piece without the end of an entry is too long');
    if (parts.length > 0) yield parts;
  }
  text += decode();
  const last = take();
  if (!/<\/(?:[\w.-]+:)?Document>\s*$/.test(text)) fail('the file is no bank statement, or was cut');
  // A statement without entries is all head.
  if (head === null) last.push({ kind: 'head', xml: text });
  if (last.length > 0) yield last;
}

const OPENING = /<((?:[\w.-]+:)?)Ntry(?:\s[^>]*)?>/g;

const TOKEN = /<(\/?)(?:[\w.-]+:)?([\w.-]+)((?:\s+[^<>]*?)?)(\/?)>|([^<]+)|(<)/g;
const ATTRIBUTE = /\s(?:[\w.-]+:)?([\w.-]+)="([^"]*)"/g;

/** The texts inside the one element that `xml` is; its own name is no part of the paths. */
export function textsOf(xml: string, fail: (message: string) => never): Texts {
  const texts = new Map<string, string>();
  const path: string[] = [];
  for (const [, isEnd, name, attributes, isEmpty, content, stray] of xml.matchAll(TOKEN)) {
    if (stray !== undefined) fail('the XML is not well formed');
    if (content !== undefined) {
      const value = content.trim();
      const key = path.slice(1).join('/');
      if (value !== '' && !texts.has(key)) texts.set(key, unescape(value));
    } else if (isEnd === '/') {
      if (path.pop() !== name) fail(`the XML is not well formed: ${name ?? ''} ends where it did not begin`);
    } else {
      path.push(name ?? '');
      const key = path.slice(1).join('/');
      if (attributes !== undefined && attributes !== '')
        for (const [, attribute, value] of attributes.matchAll(ATTRIBUTE))
          if (!texts.has(`${key}@${attribute ?? ''}`)) texts.set(`${key}@${attribute ?? ''}`, unescape(value ?? ''));
      if (isEmpty === '/') path.pop();
    }
  }
  if (path.length > 0) fail('the XML is not well formed: an element does not end');
  return texts;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescape(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|(\w+));/gi,
    (whole, hex?: string, code?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      const point = hex === undefined ? Number(code) : Number.parseInt(hex, 16);
      return point <= 0x10_ff_ff ? String.fromCodePoint(point) : whole;
    },
  );
}
