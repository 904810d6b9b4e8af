/**
 * Reading PaymentIntents: retrieve and list see the books at once, search reads an index that
 * follows them with a lag, as the real one does. Changes nothing.
 */
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { intentDetails, intentsOf, isIntent, seconds } from './details.ts';
import { jsonAnswer, missingParam, noSuch } from './errors.ts';
import { expandIn, fieldsOf, refuseUnknown } from './fields.ts';
import { text, type FormFields } from './form.ts';
import { LIST_PARAMS, listAnswer, searchAnswer, type ListItem } from './list.ts';
import { stripeFromMinor } from './money.ts';
import { parseSearchQuery } from './search-query.ts';
import { intentStatus, paymentIntentObject } from './wire.ts';

const RETRIEVE_PARAMS = new Set(['client_secret', 'expand']);
const LIST_INTENT_PARAMS = new Set<string>([...LIST_PARAMS, 'customer', 'customer_account']);
const SEARCH_PARAMS = new Set(['query', 'limit', 'page', 'expand']);

const URL_PATH = '/v1/payment_intents';

export function retrieveIntent(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, RETRIEVE_PARAMS);
  const record = intentOf(call);
  if (!call.isVisible(record, 0))
    throw noSuch('payment_intent', record.pspReference, { param: 'intent', inPath: true });
  return jsonAnswer(200, paymentIntentObject(record, call.psp, expandIn(fields)));
}

export function listIntents(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, LIST_INTENT_PARAMS);
  const customer = text(fields, 'customer');
  const records = intentsOf(call.psp).filter(
    (record) => call.isVisible(record, 0) && (customer === undefined || intentDetails(record).customer === customer),
  );
  return listAnswer(
    records.map((record) => listItem(record, call, fields)),
    fields,
    { url: URL_PATH, what: 'payment_intent' },
  );
}

/** Search reads an index that follows the books with a lag: a fresh payment is not found yet. */
export function searchIntents(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, SEARCH_PARAMS);
  const queryText = text(fields, 'query');
  if (queryText === undefined) throw missingParam('query');
  const query = parseSearchQuery(queryText);
  const candidates =
    query.reference === undefined ? intentsOf(call.psp) : intentsOf(call.psp, { reference: query.reference });
  const found = candidates.filter(
    (record) =>
      call.isVisible(record, call.psp.profile.visibilityLagMs) &&
      query.matches({
        amount: stripeFromMinor(record.amountMinor, record.currency),
        created: seconds(record.createdAtMs),
        currency: record.currency,
        customer: intentDetails(record).customer,
        status: intentStatus(record),
        metadata: intentDetails(record).metadata,
      }),
  );
  return searchAnswer(
    found.map((record) => listItem(record, call, fields)),
    fields,
    { url: `${URL_PATH}/search` },
  );
}

function listItem(record: PaymentRecord, call: Call, fields: FormFields): ListItem {
  const expand = expandIn(fields);
  return {
    id: record.pspReference,
    createdAtMs: record.createdAtMs,
    render: () => paymentIntentObject(record, call.psp, expand),
  };
}

/** The intent named in the path. */
export function intentOf(call: Call): PaymentRecord {
  const id = call.params['id'] ?? '';
  const record = call.psp.bank.findPayment(id);
  if (record === undefined || !isIntent(record)) throw noSuch('payment_intent', id, { param: 'intent', inPath: true });
  return record;
}
