/**
 * A bank statement in XML (camt.053) read as it arrives: what stands before the entries, and each
 * entry. So a statement of a million entries needs the memory of one. Texts are looked up by the
 * names of their elements, which a statement uses once per entry; a general reader of XML would
 * take ten times as long. It knows nothing of money.
 */
import { MalformedSettlementError } from '../../../ports/settlement.ts';
import type { SettlementFile } from '../../../ports/settlement.ts';

/** A piece of XML. Names are given without the prefix that the whole file uses. */
export class XmlPiece {
  readonly xml: string;
  readonly #prefix: string;
  constructor(xml: string, prefix: string) {
    this.xml = xml;
    this.#prefix = prefix;
  }

  /** The text of the first element of this name; behind the beginning of the first `after`, if one is named. */
  text(name: string, after?: string): string | null {
    const from = after === undefined ? 0 : this.xml.indexOf(`<${this.#prefix}${after}>`);
    const opening = `<${this.#prefix}${name}>`;
    const start = from < 0 ? -1 : this.xml.indexOf(opening, from);
    return start < 0 ? null : this.#textFrom(start + opening.length);
  }

  /** An amount with its currency, `<Amt Ccy="EUR">50.00</Amt>`. */
  amount(after?: string): { value: string; currency: string } | null {
    const from = after === undefined ? 0 : this.xml.indexOf(`<${this.#prefix}${after}>`);
    const opening = `<${this.#prefix}Amt Ccy="`;
    const start = from < 0 ? -1 : this.xml.indexOf(opening, from);
    if (start < 0) return null;
    const currency = this.xml.slice(start + opening.length, start + opening.length + 3);
    const value = this.#textFrom(this.xml.indexOf('>', start) + 1);
    return value === null ? null : { value, currency };
  }

  has(name: string): boolean {
    return this.xml.includes(`<${this.#prefix}${name}>`);
  }

  /** How often elements of this name begin. */
  count(name: string): number {
    return this.xml.split(`<${this.#prefix}${name}>`).length - 1;
  }

  /** The elements of this name. */
  pieces(name: string): XmlPiece[] {
    const [, ...begun] = this.xml.split(`<${this.#prefix}${name}>`);
    return begun.map((one) => new XmlPiece(one.split(`</${this.#prefix}${name}>`)[0] ?? '', this.#prefix));
  }

  #textFrom(start: number): string | null {
    const end = this.xml.indexOf('<', start);
    if (end < 0) return null;
    const text = this.xml.slice(start, end).trim();
    return text === '' ? null : unescape(text);
  }
}

export type StatementPart = { kind: 'head'; piece: XmlPiece } | { kind: 'entry'; number: number; piece: XmlPiece };

const LONGEST_PIECE = 4_000_000;

/** @throws MalformedSettlementError for what is no statement, or was cut */
export async function* readEntries(
  input: AsyncIterable<Uint8Array>,
  { fileName }: SettlementFile,
): AsyncGenerator<StatementPart[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 0;
  let text = '';
  let prefix: string | null = null;
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
  const take = (): StatementPart[] => {
    const parts: StatementPart[] = [];
    if (prefix === null) {
      const first = /<((?:[\w.-]+:)?)Ntry>/.exec(text);
      if (first === null) return [];
      prefix = first[1] ?? '';
      parts.push({ kind: 'head', piece: new XmlPiece(text.slice(0, first.index), prefix) });
      text = text.slice(first.index);
    }
    const opening = `<${prefix}Ntry>`;
    const closing = `</${prefix}Ntry>`;
    let from = 0;
    for (;;) {
      const start = text.indexOf(opening, from);
      const end = start < 0 ? -1 : text.indexOf(closing, start);
      if (end < 0) break;
      number += 1;
      from = end + closing.length;
      parts.push({ kind: 'entry', number, piece: new XmlPiece(text.slice(start, from), prefix) });
    }
    text = text.slice(from);
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
  const end = /<\/((?:[\w.-]+:)?)Document>\s*$/.exec(text);
  if (end === null || (prefix !== null && text.includes(`<${prefix}Ntry>`)))
    return fail('the file is no bank statement, or was cut');
  // A statement without entries is all head.
  if (prefix === null) last.push({ kind: 'head', piece: new XmlPiece(text, end[1] ?? '') });
  if (last.length > 0) yield last;
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
