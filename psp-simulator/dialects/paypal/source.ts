/**
 * The `payment_source` of a request: a card, a PayPal account, or something saved earlier. It
 * says what a receipt may show of it, what charging it leads to, and whether the payer is asked
 * first. The card's number ends here.
 */
import type { CardOutcome, Exemption, SavedMethod } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import type { MethodDetails, Source } from './details.ts';
import { missing, notSimulated, unprocessable, wrongSyntax } from './errors.ts';
import { choiceAt, objectAt, textAt, type JsonObject } from './fields.ts';
import { cardMagic, cardOutcome, walletMagic, walletOutcome, walletTokenOutcome, type CardMagic } from './magic.ts';

export interface GivenSource {
  source: Source;
  magic: CardMagic;
  outcome: CardOutcome;
  /** Token of the saved method that it is, or null. */
  token: string | null;
  /** Save it when it has paid, for this customer. */
  vault: { customer: string | null; token: null } | null;
  returnUrl: string | null;
  cancelUrl: string | null;
}

const CARD_KEYS = ['card', 'token'] as const;
const KNOWN_KEYS = ['card', 'token', 'paypal'] as const;

/** Does this request charge without a page of PayPal's? Such a one needs a PayPal-Request-Id. */
export function chargesDirectly(body: JsonObject): boolean {
  const sources = objectAt(body, 'payment_source');
  const wallet = objectAt(sources, 'paypal', '/payment_source');
  return CARD_KEYS.some((key) => sources?.[key] !== undefined) || wallet?.['vault_id'] !== undefined;
}

/** Null when the request names none. */
export function sourceIn(body: JsonObject, psp: PspContext): GivenSource | null {
  const sources = objectAt(body, 'payment_source');
  if (sources === undefined) return null;
  const kinds = Object.keys(sources).filter((key) => sources[key] !== null && sources[key] !== undefined);
  const unknown = kinds.find((kind) => !KNOWN_KEYS.some((key) => key === kind));
  if (unknown !== undefined) throw notSimulated(`The payment source '${unknown}'`);
  const path = '/payment_source';
  const card = objectAt(sources, 'card', path);
  if (card !== undefined) return fromCard(card, psp);
  const wallet = objectAt(sources, 'paypal', path);
  if (wallet !== undefined) return fromWallet(wallet, psp);
  const token = objectAt(sources, 'token', path);
  if (token !== undefined) return fromToken(required(token, 'id', `${path}/token`), token, psp);
  return null;
}

/** Number, expiry and name of a card to be charged or saved. */
export function readCard(card: JsonObject, path: string): { source: Source; magic: CardMagic } {
  const number = required(card, 'number', path).replaceAll(' ', '');
  if (!/^\d{13,19}$/.test(number)) throw wrongSyntax(`${path}/number`, '(not shown)');
  const expiry = required(card, 'expiry', path);
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(expiry)) throw wrongSyntax(`${path}/expiry`, expiry);
  if (!passesLuhn(number)) throw unprocessable('VALIDATION_ERROR', 'Invalid card number.', `${path}/number`);
  const name = textAt(card, 'name', path) ?? null;
  const magic = cardMagic(number, name);
  return { source: { kind: 'card', brand: magic.brand, lastDigits: number.slice(-4), expiry, name }, magic };
}

function fromCard(card: JsonObject, psp: PspContext): GivenSource {
  const path = '/payment_source/card';
  const saved = textAt(card, 'vault_id', path);
  if (saved !== undefined) return fromToken(saved, card, psp);
  const { source, magic } = readCard(card, path);
  return { source, magic, token: null, ...cardTerms(card, magic), ...context(card, path), vault: vaultIn(card, path) };
}

/** How the card is to be charged: asked for by `attributes.verification`, spared by `stored_credential`. */
function cardTerms(card: JsonObject, magic: CardMagic): { outcome: CardOutcome } {
  const path = '/payment_source/card';
  const attributes = objectAt(card, 'attributes', path);
  const method = choiceAt(objectAt(attributes, 'verification', `${path}/attributes`), 'method', {
    choices: ['SCA_ALWAYS', 'SCA_WHEN_REQUIRED', '3D_SECURE', 'AVS_CVV'] as const,
    path: `${path}/attributes/verification`,
  });
  const wanted =
    method === 'SCA_ALWAYS' || method === '3D_SECURE' ? 'SCA_ALWAYS' : method === 'SCA_WHEN_REQUIRED' ? method : null;
  return { outcome: cardOutcome(magic, wanted, exemptionIn(card)) };
}

/** What the merchant starts by itself needs no payer: the issuer honours that as an exemption. */
function exemptionIn(card: JsonObject): Exemption | null {
  const path = '/payment_source/card/stored_credential';
  const stored = objectAt(card, 'stored_credential', '/payment_source/card');
  const initiator = choiceAt(stored, 'payment_initiator', { choices: ['CUSTOMER', 'MERCHANT'] as const, path });
  if (initiator !== 'MERCHANT') return null;
  return textAt(stored, 'payment_type', path) === 'RECURRING' ? 'recurring' : 'merchant_initiated';
}

function fromWallet(wallet: JsonObject, psp: PspContext): GivenSource {
  const path = '/payment_source/paypal';
  const saved = textAt(wallet, 'vault_id', path);
  if (saved !== undefined) return fromToken(saved, wallet, psp);
  const email = textAt(wallet, 'email_address', path) ?? null;
  const magic = walletMagic(email);
  return {
    source: { kind: 'paypal', email },
    magic,
    outcome: walletOutcome(magic),
    token: null,
    vault: vaultIn(wallet, path),
    ...context(wallet, path),
  };
}

function fromToken(id: string, terms: JsonObject, psp: PspContext): GivenSource {
  const method = psp.bank.findMethod(id);
  if (method === undefined || savedAs(method).kind !== 'payment-token')
    throw unprocessable(
      'TOKEN_ID_NOT_FOUND',
      'Specified token was not found. Verify the token and try the request again.',
    );
  const { source, magic } = savedAs(method);
  const charged = source.kind === 'card' ? cardTerms(terms, magic) : { outcome: walletTokenOutcome(magic) };
  return { source, magic, token: id, vault: null, ...charged, ...context(terms, '/payment_source') };
}

export function savedAs(method: SavedMethod): MethodDetails {
  return method.details as unknown as MethodDetails;
}

function vaultIn(object: JsonObject, path: string): GivenSource['vault'] {
  const attributes = objectAt(object, 'attributes', path);
  const vault = objectAt(attributes, 'vault', `${path}/attributes`);
  if (textAt(vault, 'store_in_vault', `${path}/attributes/vault`) !== 'ON_SUCCESS') return null;
  return { customer: textAt(objectAt(attributes, 'customer', `${path}/attributes`), 'id') ?? null, token: null };
}

function context(object: JsonObject, path: string): { returnUrl: string | null; cancelUrl: string | null } {
  const experience = objectAt(object, 'experience_context', path);
  return urlsIn(experience, `${path}/experience_context`);
}

/** Also of `application_context`, where older clients write them. */
export function urlsIn(
  object: JsonObject | undefined,
  path: string,
): { returnUrl: string | null; cancelUrl: string | null } {
  return { returnUrl: urlAt(object, 'return_url', path), cancelUrl: urlAt(object, 'cancel_url', path) };
}

function urlAt(object: JsonObject | undefined, name: string, path: string): string | null {
  const value = object?.[name];
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string' || !URL.canParse(value)) throw wrongSyntax(`${path}/${name}`, String(value));
  return value;
}

function required(object: JsonObject, name: string, path: string): string {
  const value = textAt(object, name, path);
  if (value === undefined) throw missing(`${path}/${name}`);
  return value;
}

function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
