/** /tokens, /instruments and /customers: saving, reading, changing and forgetting payment methods. */
import { isoTime } from '../../../kernel/index.ts';
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import type { CardView } from './details.ts';
import { emptyAnswer, jsonAnswer, notFound, refusal } from './errors.ts';
import { metadataAt, objectAt, textAt, wholeAt } from './fields.ts';
import {
  customerIdOf,
  customerIn,
  findCustomer,
  findInstrument,
  instrumentsOf,
  readCard,
  saveCustomer,
  saveInstrument,
  saveToken,
  tokenCard,
  type Customer,
} from './vault.ts';
import { cardFacts } from './wire.ts';

export function createToken(call: Call): PspAnswer {
  const { body, psp } = call;
  const type = textAt(body, 'type') ?? 'card';
  if (type !== 'card') throw refusal(`token_type_${type}_not_simulated`, 'type');
  const card = readCard(body, psp);
  const { token, expiresAtMs } = saveToken(psp, card);
  return jsonAnswer(201, {
    type: 'card',
    token,
    expires_on: isoTime(expiresAtMs),
    ...cardFacts(card.view),
  });
}

export function createInstrument(call: Call): PspAnswer {
  const { body, psp } = call;
  const type = textAt(body, 'type') ?? 'token';
  const given = objectAt(body, 'customer');
  const customer = customerIn(psp, given);
  if (type === 'token') {
    const { consume, ...card } = tokenCard(psp, textAt(body, 'token') ?? '');
    consume();
    return created(psp, saveInstrument(psp, card, link(psp, customer, card.view.id, given?.['default'] === true)));
  }
  if (type !== 'card') throw refusal(`instrument_type_${type}_not_simulated`, 'type');
  const card = readCard(body, psp);
  return created(psp, saveInstrument(psp, card, link(psp, customer, card.view.id, given?.['default'] === true)));
}

export function getInstrument(call: Call): PspAnswer {
  return jsonAnswer(200, instrumentJson(call.psp, idIn(call)));
}

export function updateInstrument(call: Call): PspAnswer {
  const { body, psp } = call;
  const id = idIn(call);
  const known = findInstrument(psp, id);
  if (known === undefined) throw notFound('instrument');
  const given = objectAt(body, 'customer');
  const view: CardView = {
    ...known.view,
    expiryMonth: wholeAt(body, 'expiry_month') ?? known.view.expiryMonth,
    expiryYear: wholeAt(body, 'expiry_year') ?? known.view.expiryYear,
    name: textAt(body, 'name') ?? known.view.name,
  };
  const customerId = link(psp, customerIn(psp, given), id, given?.['default'] === true) ?? known.customerId;
  saveInstrument(psp, { view, name: known.name }, customerId);
  return jsonAnswer(200, { type: 'card', fingerprint: view.fingerprint });
}

export function deleteInstrument(call: Call): PspAnswer {
  const id = idIn(call);
  if (findInstrument(call.psp, id) === undefined) throw notFound('instrument');
  call.psp.bank.removeMethod(id);
  return emptyAnswer(204);
}

export function createCustomer(call: Call): PspAnswer {
  const { body, psp } = call;
  const email = textAt(body, 'email');
  if (email === undefined || !email.includes('@')) throw refusal('customer_email_invalid', 'email');
  if (findCustomer(psp, email) !== undefined) throw refusal('customer_email_already_exists', 'email');
  const id = customerIdOf(psp, email);
  saveCustomer(psp, { id, email, name: textAt(body, 'name') ?? null, metadata: metadataAt(body), defaultId: null });
  return jsonAnswer(201, { id });
}

export function getCustomer(call: Call): PspAnswer {
  const { psp } = call;
  const customer = customerOf(call);
  return jsonAnswer(200, {
    id: customer.id,
    email: customer.email,
    name: customer.name,
    default: customer.defaultId,
    metadata: customer.metadata,
    instruments: instrumentsOf(psp, customer.id).map((view) => ({ id: view.id, type: 'card', ...cardFacts(view) })),
  });
}

export function updateCustomer(call: Call): PspAnswer {
  const { body, psp } = call;
  const customer = customerOf(call);
  const defaultId = textAt(body, 'default') ?? customer.defaultId;
  if (defaultId !== null && findInstrument(psp, defaultId) === undefined) throw refusal('default_invalid', 'default');
  const metadata = { ...customer.metadata, ...metadataAt(body) };
  saveCustomer(psp, { ...customer, name: textAt(body, 'name') ?? customer.name, metadata, defaultId });
  return emptyAnswer(204);
}

/** The customer's instruments go with it. */
export function deleteCustomer(call: Call): PspAnswer {
  const { psp } = call;
  const customer = customerOf(call);
  for (const { id } of instrumentsOf(psp, customer.id)) psp.bank.removeMethod(id);
  psp.bank.removeMethod(customer.id);
  return emptyAnswer(204);
}

/** Remembers a customer that a request made, and its first or new default instrument. Answers its id. */
export function link(
  psp: PspContext,
  customer: Customer | null,
  instrumentId: string | null,
  asDefault = false,
): string | null {
  if (customer === null) return null;
  const defaultId = asDefault ? instrumentId : (customer.defaultId ?? instrumentId);
  return saveCustomer(psp, { ...customer, defaultId }).id;
}

function created(psp: PspContext, id: string): PspAnswer {
  return jsonAnswer(201, instrumentJson(psp, id));
}

function instrumentJson(psp: PspContext, id: string): Record<string, unknown> {
  const known = findInstrument(psp, id);
  if (known === undefined) throw notFound('instrument');
  const customer = known.customerId === null ? undefined : findCustomer(psp, known.customerId);
  return {
    id,
    type: 'card',
    fingerprint: known.view.fingerprint,
    ...cardFacts(known.view),
    ...(customer === undefined
      ? {}
      : {
          customer: {
            id: customer.id,
            email: customer.email,
            name: customer.name,
            default: customer.defaultId === id,
          },
        }),
  };
}

function customerOf(call: Call): Customer {
  const customer = findCustomer(call.psp, idIn(call));
  if (customer === undefined) throw notFound('customer');
  return customer;
}

function idIn(call: Call): string {
  return call.params['id'] ?? '';
}
