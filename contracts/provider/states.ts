/**
 * What each provider state of the pacts means at a simulated PSP. A state is made by the PSP's
 * own wire and the control API, and is reused when it already holds. Its example ids then stand
 * for the real ones.
 *
 * The verifier prints an error of a state and goes on; `problems` keeps it for the test to see.
 */
import type { Network } from '../../kernel/index.ts';
import type { BookPayment, Fault } from '../../openapi/generated/simulator-control.ts';
import type { PactCall, PactFile } from '../index.ts';
import type { Control, DisputeStep } from './control.ts';
import type { Fate, Hands } from './hands.ts';
import { exchange } from './http.ts';
import { authorizedHeaders } from './authorize.ts';
import type { SimulatedPsp } from './simulator-process.ts';
import type { StandIns } from './stand-ins.ts';

type Handler = (params?: unknown) => Promise<undefined>;

/** By the name of the state, as the verifier wants them. */
export type StateHandlers = Record<string, Handler | { setup: Handler; teardown: Handler }>;

export interface StateTools {
  pact: PactFile;
  psp: Pick<SimulatedPsp, 'name' | 'dialect' | 'url' | 'credentials'>;
  network: Network;
  hands: Hands;
  control: Control;
  standIns: StandIns;
  problems: string[];
}

interface Params {
  reference: string;
  psp_reference: string;
  /** Of what was captured or authorized, where that has an id of its own. */
  part_reference?: string;
  /** The PSP's name of what has happened. */
  event?: string;
  redirect_result: string;
  idempotency_key: string;
}

/** Long enough that a request which is being worked on meets the one that is verified, on a busy machine too. */
const WORK_MS = 2_500;
/** Not the token that may be fetched before it. */
const FIRST_CREATION = { operation: 'create-payment', count: 1 } as const;

export function createStateHandlers(tools: StateTools): StateHandlers {
  const { hands, control, problems } = tools;

  /** A payment of that fate, brought from its first book state to `finally` by `then`. */
  const payment = (
    fate: Fate,
    first: BookPayment['state'],
    then?: (made: BookPayment, params: Params) => Promise<void>,
    last = first,
  ) =>
    state(async (params) => {
      const existing = (await control.books()).payments.findLast(({ reference }) => reference === params.reference);
      if (existing?.state !== last) {
        await hands.pay(params.reference, fate);
        if (hands.payerActs === true && fate !== 'challenged') await control.playChallenge(params.reference, 'approve');
        await then?.(await control.payment(params.reference, first), params);
      }
      const { psp_reference: real } = await control.payment(params.reference, last);
      tools.standIns.add(params.psp_reference, real);
      if (params.part_reference !== undefined && hands.partOf !== undefined)
        tools.standIns.add(params.part_reference, await hands.partOf(real));
    });

  /** The challenge is over at the issuer; a PSP that waits for its result still does. */
  const challenge = (fate: Fate, action: 'approve' | 'fail') =>
    state(async (params) => {
      await hands.pay(params.reference, fate);
      const { psp_reference: real } = await control.payment(params.reference, 'requires_action');
      const query = await control.playChallenge(params.reference, action);
      tools.standIns.add(params.psp_reference, real);
      if (params.redirect_result !== undefined)
        tools.standIns.add(params.redirect_result, query.get('redirectResult') ?? '');
    });

  const payout = (...outcomes: ('paid' | 'failed' | 'returned')[]) =>
    state(async (params) => {
      const asked = await hands.payout(params.reference);
      const made = await control.payout(params.reference);
      for (const outcome of outcomes) await control.settlePayout(made.psp_reference, outcome);
      tools.standIns.add(params.psp_reference, asked ?? made.psp_reference);
    });

  const dispute = (...steps: DisputeStep[]) =>
    state(async ({ reference, psp_reference: example }) => {
      await hands.pay(reference, 'captured');
      const { psp_reference: real } = await control.payment(reference, 'captured');
      tools.standIns.add(example, real);
      await control.dispute(real, steps);
    });

  const fault = (planned: Fault) => ({
    setup: state(() => control.plan({ ...planned, ...FIRST_CREATION, psp: tools.psp.name })),
    teardown: state(() => control.heal()),
  });

  /** A state whose errors are kept. */
  function state(make: (params: Params) => Promise<void>) {
    return async (params?: unknown) => {
      await make((params ?? {}) as Params).catch((error: unknown) => {
        problems.push(String(error));
      });
      return undefined;
    };
  }

  let answering: Promise<unknown> = Promise.resolve();

  return {
    'a captured payment': payment('captured', 'captured'),
    'a declined payment': payment('declined', 'declined'),
    'a payment whose payer was not sent to his bank yet': state(async ({ reference, psp_reference: example }) => {
      if (hands.create === undefined) throw new Error('no payment is made there without sending its payer somewhere');
      await hands.create(reference);
      tools.standIns.add(example, (await control.payment(reference, 'created')).psp_reference);
    }),
    'a payment that waits for the cardholder': payment('challenged', 'requires_action'),
    'an authorized payment that is not captured yet': payment('authorized', 'authorized'),
    'an authorized payment that was captured later': payment(
      'authorized',
      'authorized',
      (made, { reference }) => hands.capture(made.psp_reference, reference),
      'captured',
    ),
    // Where a challenge cannot be cancelled by id, an authorization can; both end as `canceled`. A bank authorizes nothing.
    'a canceled payment': payment(
      hands.payerActs === true ? 'challenged' : 'authorized',
      hands.payerActs === true ? 'requires_action' : 'authorized',
      (made, { reference }) => hands.cancel(made.psp_reference, reference),
      'canceled',
    ),
    'a refunded payment': payment(
      'captured',
      'captured',
      async (made, { reference }) => {
        await hands.refund(made.psp_reference, `${reference}_refund`);
        await control.refund(made.psp_reference, 'succeeded');
      },
      'refunded',
    ),
    'a payment whose cardholder never came back': payment(
      'challenged',
      'requires_action',
      (made) => control.expire(made.psp_reference),
      'expired',
    ),
    'a payment whose cardholder passed the challenge': challenge('challenged', 'approve'),
    'a payment whose cardholder failed the challenge': challenge('challenged', 'fail'),
    'a payment that the issuer declined after the challenge': challenge('challenged-declined', 'approve'),

    'a payment whose refund failed': state(async ({ reference, psp_reference: example }) => {
      await hands.pay(reference, 'refund-fails');
      if (hands.payerActs === true) await control.playChallenge(reference, 'approve');
      const { psp_reference: real } = await control.payment(reference, 'captured');
      await hands.refund(real, `${reference}_refund`);
      await control.refund(real, 'failed');
      tools.standIns.add(example, real);
    }),
    'a disputed payment': dispute(),
    'a disputed payment with our evidence handed in': dispute('evidence'),
    'a payment whose dispute was won': dispute('won'),
    'a payment whose dispute was lost': dispute('lost'),
    'a payment whose lost dispute was reversed': dispute('lost', 'reversed'),
    'what the event tells has happened': state(async ({ event = '', reference, psp_reference: example }) => {
      tools.standIns.add(example, await control.trigger(event, reference));
    }),

    'a payout on its way': payout(),
    'a paid payout': payout('paid'),
    'a failed payout': payout('failed'),
    'a payout that came back after it was paid': payout('paid', 'returned'),

    'the same request was answered before': state(async ({ idempotency_key: key }) => {
      const { status, text } = await sendBefore(tools, key);
      if (status >= 300) throw new Error(`the first request was answered ${status}: ${text}`);
    }),
    'another request used this idempotency key': state(async ({ idempotency_key: key }) => {
      const { status, text } = await sendBefore(tools, key, (body) =>
        body.replace('5000', '5100').replace('50.00', '51.00'),
      );
      if (status >= 300) throw new Error(`the other request was answered ${status}: ${text}`);
    }),
    'the same request is still being answered': {
      setup: state(async ({ idempotency_key: key }) => {
        // Latency lies before the books change; once they have, the PSP plays its answer back.
        await control.plan({ fault: 'latency', ...FIRST_CREATION, psp: tools.psp.name, with: { fixedMs: WORK_MS } });
        answering = sendBefore(tools, key);
        await control.struck();
      }),
      teardown: state(async () => {
        await answering;
        await control.heal();
      }),
    },

    'calls are rate limited': fault({ fault: 'rate-limited' }),
    'the provider fails on every call': fault({ fault: 'error', with: { status: 500 } }),
    'the provider is out of service': fault({ fault: 'outage' }),
  };
}

/** Sends the request that the pact writes under this key, before the verifier does. */
export async function sendBefore(
  tools: Pick<StateTools, 'pact' | 'psp' | 'network' | 'standIns'>,
  key: string,
  alter: (body: string) => string = (body) => body,
): Promise<{ status: number; text: string }> {
  const call = tools.pact.interactions.find(
    (one): one is PactCall =>
      one.type === 'Synchronous/HTTP' && Object.values(one.request.headers ?? {}).some(([value]) => value === key),
  );
  if (call === undefined) throw new Error(`no call of the pact is written with the key ${key}`);
  const { method, path, headers = {}, body } = call.request;
  const content =
    body === undefined ? '' : typeof body.content === 'string' ? body.content : JSON.stringify(body.content);
  const sent = {
    method,
    path: tools.standIns.replace(path),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, [value = '']]) => [name.toLowerCase(), tools.standIns.replace(value)]),
    ),
    body: tools.standIns.replace(alter(content)),
  };
  const ready = await authorizedHeaders(tools.network, tools.psp, sent);
  return exchange(tools.network, { ...sent, url: `${tools.psp.url}${sent.path}`, headers: ready });
}
