/** The schemes that share a secret: HMAC-SHA256, each over something else. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { VectorVerdict } from '../../vectors/read-vectors.ts';
import type { Check } from './check.ts';
import { judgeTime, keysOf } from './judge-time.ts';

const HEX = /^[0-9a-f]{64}$/;
const BASE64 = /^[A-Za-z0-9+/]{43}=$/;
const SECONDS = /^\d{1,12}$/;

type Part = string | Buffer;

/** Does one of the keys give one of the signatures? */
function fits(keys: readonly Part[], parts: readonly Part[], signatures: readonly Buffer[]): boolean {
  return keys.some((key) => {
    const mac = createHmac('sha256', key);
    for (const part of parts) mac.update(part);
    const digest = mac.digest();
    return signatures.some((one) => one.length === digest.length && timingSafeEqual(one, digest));
  });
}

const fromHex = (text: string): Buffer => Buffer.from(text, 'hex');
const orMismatch = (ok: boolean, verdict: VectorVerdict = 'valid'): VectorVerdict => (ok ? verdict : 'mismatch');

export const checkAcme: Check = ({ body, headers }, checking) => {
  const { 'x-timestamp': time, 'x-signature': signature } = headers;
  if (time === undefined || signature === undefined) return 'missing';
  const [, hex = ''] = /^sha256=(.*)$/.exec(signature) ?? [];
  if (!HEX.test(hex) || !SECONDS.test(time)) return 'malformed';
  const ok = fits(keysOf(checking.keys['webhookSecret']), [`${time}.`, body], [fromHex(hex)]);
  return orMismatch(ok, judgeTime(Number(time), checking));
};

export const checkStripe: Check = ({ body, headers }, checking) => {
  const header = headers['stripe-signature'];
  if (header === undefined) return 'missing';
  const parts = header.split(',').map((part) => part.trim().split('='));
  const values = (name: string): string[] => parts.filter(([key]) => key === name).map(([, value = '']) => value);
  const [time = '', ...moreTimes] = values('t');
  const signatures = values('v1').filter((value) => HEX.test(value));
  if (!SECONDS.test(time) || moreTimes.length > 0 || signatures.length === 0) return 'malformed';
  const ok = fits(keysOf(checking.keys['webhookSecret']), [`${time}.`, body], signatures.map(fromHex));
  return orMismatch(ok, judgeTime(Number(time), checking));
};

export const checkCheckout: Check = ({ body, headers }, { keys }) => {
  const signature = headers['cko-signature'];
  if (signature === undefined) return 'missing';
  if (!HEX.test(signature)) return 'malformed';
  return orMismatch(fits(keysOf(keys['webhookKey']), [body], [fromHex(signature)]));
};

export const checkMollie: Check = ({ body, headers }, { keys }) => {
  const header = headers['x-mollie-signature'];
  if (header === undefined) return /^id=[A-Za-z]+_\w+$/.test(body.toString('utf8')) ? 'unsigned' : 'missing';
  const signatures = header.split(',').map((one) => one.trim().replace(/^sha256=/, ''));
  if (!header.includes('sha256=') || !signatures.every((hex) => HEX.test(hex))) return 'malformed';
  return orMismatch(fits(keysOf(keys['webhookSecret']), [body], signatures.map(fromHex)));
};

export const checkStandard: Check = ({ body, headers }, checking) => {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': list } = headers;
  if (id === undefined || time === undefined || list === undefined) return 'missing';
  const signatures = list
    .split(' ')
    .filter((one) => one.startsWith('v1,'))
    .map((one) => one.slice('v1,'.length));
  if (!SECONDS.test(time) || signatures.length === 0 || !signatures.every((one) => BASE64.test(one)))
    return 'malformed';
  const secrets = keysOf(checking.keys['webhookSecret']).map((key) =>
    Buffer.from(key.replace(/^whsec_/, ''), 'base64'),
  );
  const ok = fits(
    secrets,
    [`${id}.${time}.`, body],
    signatures.map((one) => Buffer.from(one, 'base64')),
  );
  return orMismatch(ok, judgeTime(Number(time), checking));
};

interface AdyenItem {
  pspReference?: string;
  originalReference?: string;
  merchantAccountCode?: string;
  merchantReference?: string;
  amount?: { value?: number; currency?: string };
  eventCode?: string;
  success?: string;
  additionalData?: { hmacSignature?: string };
}

export const checkAdyen: Check = ({ body }, { keys }) => {
  const items = adyenItems(body);
  if (items.length === 0) return 'malformed';
  const secrets = keysOf(keys['hmacKey']).map((key) => Buffer.from(key, 'hex'));
  const verdicts = items.map((item) => checkItem(item, secrets));
  return verdicts.find((verdict) => verdict !== 'valid') ?? 'valid';
};

export function adyenItems(body: Buffer): AdyenItem[] {
  try {
    const message = JSON.parse(body.toString('utf8')) as {
      notificationItems?: { NotificationRequestItem?: AdyenItem }[];
    };
    return (message.notificationItems ?? []).map((entry) => entry.NotificationRequestItem ?? {});
  } catch {
    return [];
  }
}

function checkItem(item: AdyenItem, secrets: readonly Buffer[]): VectorVerdict {
  const signature = item.additionalData?.hmacSignature;
  if (signature === undefined) return 'missing';
  if (!BASE64.test(signature)) return 'malformed';
  const fields = [
    item.pspReference,
    item.originalReference,
    item.merchantAccountCode,
    item.merchantReference,
    item.amount?.value,
    item.amount?.currency,
    item.eventCode,
    item.success,
  ];
  return orMismatch(fits(secrets, [fields.map((field) => field ?? '').join(':')], [Buffer.from(signature, 'base64')]));
}
