/** The messages of the vectors: each is one in which programs that read a body before they verify it go wrong. */
import type { VectorBytes } from '../../contracts/index.ts';

export interface Message {
  id: string;
  why: string;
  body: VectorBytes;
}

export const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
export const text = (content: string): VectorBytes => ({ base64: base64(content) });

/** 16 bytes, 65,536 times: 1 MiB. */
const UNIT = '0123456789abcdef';
export const MEBIBYTE_TIMES = 65_536;

/** `before`, a mebibyte, `after`. */
export const long = (before: string, after: string): VectorBytes => ({
  prefix_base64: base64(before),
  unit_base64: base64(UNIT),
  times: MEBIBYTE_TIMES,
  suffix_base64: base64(after),
});

export const PLAIN = '{"id":"evt_1","amount":5000,"currency":"EUR"}';
export const OTHER_KEY_ORDER = '{"currency":"EUR","amount":5000,"id":"evt_1"}';
export const NUMBERS = '{"amount":10.00,"rate":1e3,"big":12345678901234567890,"fraction":0.10,"minus":-0.0}';
export const WITH_CRLF = '{\r\n  "id": "evt_1",\r\n  "amount": 5000\r\n}\r\n';

export const MESSAGES: readonly Message[] = [
  { id: 'plain', why: 'The ordinary message.', body: text(PLAIN) },
  {
    id: 'unicode',
    why: 'The signature covers UTF-8 bytes; escaped and plain characters stay as they came.',
    body: text('{"name":"Zoë Ångström 王 🎰","escaped":"Zo\\u00eb","slash":"a\\/b"}'),
  },
  {
    id: 'number-spelling',
    why: 'A program that parses and writes JSON anew turns 10.00 into 10 and rounds the big one.',
    body: text(NUMBERS),
  },
  { id: 'crlf', why: 'Line ends and white space are part of what is signed.', body: text(WITH_CRLF) },
  { id: 'empty', why: 'Nothing is a message, too: its signature fits, whatever its content is worth.', body: text('') },
  {
    id: 'one-mebibyte',
    why: 'A limit of 100 kB on bodies is a common default, and a body cut short fits no signature.',
    body: long('{"id":"evt_1","pad":"', '"}'),
  },
  { id: 'key-order', why: 'The order of keys is what the sender chose.', body: text(OTHER_KEY_ORDER) },
];
