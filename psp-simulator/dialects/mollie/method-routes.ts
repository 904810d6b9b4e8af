/** `/v2/methods`: which payment methods can be used, for an amount or at all. */
import type { Call, PspAnswer } from '../dialect.ts';
import { badRequest, halAnswer, noSuch } from './errors.ts';
import { findMethod, METHODS, takes } from './methods.ts';
import type { Method } from './methods.ts';
import { amountOf, minorFromAmount } from './money.ts';
import { documentation, halLink, placeOf } from './place.ts';
import type { Place } from './place.ts';

const IMAGES = 'https://www.mollie.com/external/icons/payment-methods';

/** Direct debit needs a mandate, so no payer can choose it; a repeated charge goes by the kinds of mandates. */
const FOR_SEQUENCE: Readonly<Record<string, (known: Method) => boolean>> = {
  oneoff: ({ id }) => id !== 'directdebit',
  first: ({ mandate }) => mandate !== null,
  recurring: ({ id }) => id === 'creditcard' || id === 'directdebit' || id === 'paypal',
};

/** `amount[value]`, `amount[currency]` and `sequenceType` narrow the list. */
export function listMethods(call: Call): PspAnswer {
  const { query } = call.request;
  const currency = query.get('amount[currency]');
  const money =
    currency === null ? null : minorFromAmount({ currency, value: query.get('amount[value]') ?? '' }, 'amount');
  const fits = FOR_SEQUENCE[query.get('sequenceType') ?? 'oneoff'];
  if (fits === undefined) throw badRequest('The sequenceType is invalid', 'sequenceType');
  return methodList(
    call,
    METHODS.filter((known) => fits(known) && (money === null || takes(known, money))),
  );
}

export function listAllMethods(call: Call): PspAnswer {
  return methodList(call, METHODS);
}

export function getMethod(call: Call): PspAnswer {
  const id = call.params['id'] ?? '';
  const known = findMethod(id);
  if (known === undefined) throw noSuch('payment method', id);
  const place = placeOf(call);
  return halAnswer(200, methodObject(known, place));
}

function methodList(call: Call, methods: readonly Method[]): PspAnswer {
  const place = placeOf(call);
  return halAnswer(200, {
    count: methods.length,
    _embedded: { methods: methods.map((known) => methodObject(known, place)) },
    _links: {
      self: { href: `${place.origin}${call.request.path}`, type: 'application/hal+json' },
      documentation: documentation('list-methods'),
    },
  });
}

function methodObject(known: Method, place: Place): Record<string, unknown> {
  const currency = known.currencies?.[0] ?? 'EUR';
  return {
    resource: 'method',
    id: known.id,
    description: known.description,
    minimumAmount: amountOf(known.minimumMinor, currency),
    maximumAmount: known.maximumMinor === null ? null : amountOf(known.maximumMinor, currency),
    image: {
      size1x: `${IMAGES}/${known.id}.png`,
      size2x: `${IMAGES}/${known.id}%402x.png`,
      svg: `${IMAGES}/${known.id}.svg`,
    },
    status: 'activated',
    _links: { self: halLink(place, `methods/${known.id}`), documentation: documentation('get-method') },
  };
}
