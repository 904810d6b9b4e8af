/**
 * Adyen's webhook signature, checked with the SDK's own validator: the HMAC inside each item
 * (`additionalData.hmacSignature`) over eight of its fields. Every item must carry a valid
 * one. Adyen signs no time, so age cannot be judged here; replays are stopped by the inbox,
 * whose event id is made of signed fields only.
 */
import validatorModule from '@adyen/api-library/lib/src/utils/hmacValidator.js';
import { MalformedWebhookError } from '../../../ports/psp-adapter.ts';
import type { WebhookVerdict, WebhookVerifier } from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { objectOf, textOf } from '../fields.ts';
import { listSecrets } from '../webhook-checks.ts';
import { readNotificationItems } from './events.ts';

type Validator = InstanceType<typeof validatorModule.default>;
const validator: Validator = new validatorModule.default();

/** 32 bytes in base64. */
const SIGNATURE_FORM = /^[A-Za-z0-9+/]{43}=$/;
/** Anything else would silently become a shorter key, or an empty one. */
const KEY_FORM = /^(?:[0-9A-Fa-f]{2})+$/;

export const adyenWebhookVerifier: WebhookVerifier = {
  verify({ rawBody, credentials }) {
    let items: JsonObject[];
    try {
      items = readNotificationItems(rawBody);
    } catch (error) {
      if (error instanceof MalformedWebhookError) return { kind: 'malformed', reason: error.message };
      throw error;
    }
    const keys = listSecrets(credentials['hmacKey']).filter((key) => KEY_FORM.test(key));
    const verdicts = items.map((item) => verifyItem(item, keys));
    return verdicts.find((verdict) => verdict.kind !== 'verified') ?? { kind: 'verified' };
  },
};

function verifyItem(item: JsonObject, keys: readonly string[]): WebhookVerdict {
  const signature = textOf(objectOf(item, 'additionalData'), 'hmacSignature');
  if (signature === null) return { kind: 'invalid_signature', reason: 'missing' };
  if (!SIGNATURE_FORM.test(signature)) return { kind: 'invalid_signature', reason: 'malformed' };
  // The validator reads exactly the fields that `readNotificationItems` made sure of, or signs them as empty.
  const signed = item as unknown as Parameters<Validator['validateHMAC']>[0];
  const fits = keys.some((key) => validator.validateHMAC(signed, key));
  return fits ? { kind: 'verified' } : { kind: 'invalid_signature', reason: 'mismatch' };
}
