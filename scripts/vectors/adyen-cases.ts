/**
 * Adyen's cases: the signature stands inside the message and covers eight fields of an item, so
 * the bytes around them may change and the fields may not.
 */
import type { VectorBytes, VectorCase, VectorFile } from '../../contracts/index.ts';
import { long, text } from './bodies.ts';
import { flipBase64, NOW } from './header-cases.ts';
import { adyen, type AdyenFields } from './sign.ts';

const keyOf = (digits: string): string => digits.repeat(32);
const KEYS = { current: keyOf('a1'), previous: keyOf('b2'), retired: keyOf('c3') };

interface Item {
  additionalData: Record<string, string>;
  amount: { currency: string; value: number };
  eventCode: string;
  eventDate: string;
  merchantAccountCode: string;
  merchantReference: string;
  originalReference?: string;
  pspReference: string;
  reason: string;
  success: string;
}

const ITEM: Item = {
  additionalData: {},
  amount: { currency: 'EUR', value: 5_000 },
  eventCode: 'AUTHORISATION',
  eventDate: '2026-01-05T09:00:00+00:00',
  merchantAccountCode: 'VectorMerchant',
  merchantReference: 'att_1',
  pspReference: '7914073381342284',
  reason: '',
  success: 'true',
};

const fieldsOf = (item: Item): AdyenFields => [
  item.pspReference,
  item.originalReference ?? '',
  item.merchantAccountCode,
  item.merchantReference,
  String(item.amount.value),
  item.amount.currency,
  item.eventCode,
  item.success,
];

const write = (items: readonly object[], space?: string): string =>
  JSON.stringify(
    { live: 'false', notificationItems: items.map((item) => ({ NotificationRequestItem: item })) },
    null,
    space,
  );

const signed = (item: Item, key = KEYS.current, sentAs = item): Item => ({
  ...sentAs,
  additionalData: { ...sentAs.additionalData, hmacSignature: adyen(fieldsOf(item), key) },
});

/** A case whose body is `body`; `unsigned` lets a signer prove that it makes the same signature. */
function make(id: string, why: string, body: VectorBytes, more: Partial<VectorCase> = {}): VectorCase {
  return { id, why, body, headers: { 'Content-Type': 'application/json' }, received_at: NOW, expect: 'valid', ...more };
}

/** One that a signer must make from the unsigned item. */
const signable = (id: string, why: string, item: Item, key: 'current' | 'previous' = 'current'): VectorCase =>
  make(id, why, text(write([signed(item, KEYS[key])])), { unsigned: text(write([item])), sign: { key, at: NOW } });

const wrong = (id: string, why: string, body: string, expect: VectorCase['expect'] = 'mismatch'): VectorCase =>
  make(id, why, text(body), { expect });

function longCase(): VectorCase {
  const [before = '', after = ''] = write([{ ...signed(ITEM), reason: '\u0000' }]).split('\\u0000');
  const [unsignedBefore = '', unsignedAfter = ''] = write([{ ...ITEM, reason: '\u0000' }]).split('\\u0000');
  return make('one-mebibyte', 'A limit of 100 kB on bodies is a common default.', long(before, after), {
    unsigned: long(unsignedBefore, unsignedAfter),
    sign: { key: 'current', at: NOW },
  });
}

const genuine = signed(ITEM);
const signature = genuine.additionalData['hmacSignature'] ?? '';
const withSignature = (value: string): string => write([{ ...ITEM, additionalData: { hmacSignature: value } }]);
const reversed = Object.fromEntries(Object.entries(genuine).reverse());

function cases(): VectorCase[] {
  return [
    signable('plain', 'The ordinary message.', ITEM),
    signable('unicode', 'The fields are signed as UTF-8.', { ...ITEM, merchantReference: 'Zoë Ångström 王 🎰' }),
    signable('empty', 'Empty fields are signed as nothing between two colons.', { ...ITEM, merchantReference: '' }),
    signable('original-reference', 'A modification names the payment that it is about.', {
      ...ITEM,
      eventCode: 'CAPTURE',
      originalReference: '8815073381342284',
    }),
    signable('colon-in-field', 'A colon inside a field is not escaped in this scheme.', {
      ...ITEM,
      merchantReference: 'a:b\\c',
    }),
    signable(
      'rotation-old-key',
      'While a key is changed, what the old one signed is still on its way.',
      ITEM,
      'previous',
    ),
    longCase(),
    make(
      'number-spelling',
      'The number is signed, not its spelling: 5000.00 is 5000.',
      text(write([genuine]).replace('5000', '5000.00')),
    ),
    make('crlf', 'White space around the fields is not signed.', text(write([genuine], '\t').replaceAll('\n', '\r\n'))),
    make('key-order', 'The order of keys is not signed.', text(write([reversed]))),
    make('header-case', 'There is no signature in the headers.', text(write([genuine])), {
      headers: { 'CONTENT-TYPE': 'application/json' },
    }),
    make(
      'several-signatures',
      'Every item carries its own.',
      text(write([genuine, signed({ ...ITEM, merchantReference: 'att_2' })])),
    ),
    wrong('one-item-wrong', 'One wrong item spoils the message.', write([genuine, signed(ITEM, KEYS.retired)])),
    wrong('retired-key', 'A key that was taken out of use proves nothing.', write([signed(ITEM, KEYS.retired)])),
    wrong('flipped-bit-body', 'One flipped bit: 5000 became 4000.', write([genuine]).replace('5000', '4000')),
    wrong(
      'flipped-success',
      'A failure told as a success.',
      write([signed({ ...ITEM, success: 'false' }, KEYS.current, ITEM)]),
    ),
    wrong('flipped-bit-signature', 'One flipped bit of the signature.', withSignature(flipBase64(signature))),
    wrong('missing', 'No signature at all.', write([ITEM]), 'missing'),
    wrong('malformed', 'Something that can be no signature.', withSignature('not-a-signature'), 'malformed'),
    wrong('unknown-version', 'A version was never agreed on.', withSignature(`v2,${signature}`), 'malformed'),
  ];
}

export function adyenFile(): VectorFile {
  return {
    scheme: 'adyen',
    about:
      'additionalData.hmacSignature of each item is the base64 of HMAC-SHA256, keyed by the hex-decoded key, over `pspReference:originalReference:merchantAccountCode:merchantReference:value:currency:eventCode:success`. No time is signed.',
    tolerance_seconds: null,
    keys: { hmacKey: `${KEYS.current},${KEYS.previous}` },
    signing_keys: { current: KEYS.current, previous: KEYS.previous },
    cases: cases(),
  };
}
