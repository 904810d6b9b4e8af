/**
 * The control API of the simulator, as far as provider states need it: books to look up what a
 * PSP gave out, the cardholder, the bank behind payouts, and faults.
 */
import type { Clock, Network } from '../../kernel/index.ts';
import type {
  BookPayment,
  BookPayout,
  BookRefund,
  Books,
  Challenge,
  Fault,
  ListedFault,
  PspUpdate,
} from '../../openapi/generated/simulator-control.ts';
import { send } from './http.ts';

/** The simulator works in memory; what takes longer does not happen any more. */
const DEADLINE_MS = 5_000;
const PAUSE_MS = 10;

export type DisputeStep = 'evidence' | 'won' | 'lost' | 'reversed';

export interface Control {
  update(change: PspUpdate): Promise<void>;
  books(): Promise<Books>;
  /** The newest payment of that reference, once it is in that state. @throws Error when it does not get there */
  payment(reference: string, state: BookPayment['state']): Promise<BookPayment>;
  refund(paymentPspReference: string, state: BookRefund['state']): Promise<BookRefund>;
  payout(reference: string): Promise<BookPayout>;
  settlePayout(pspReference: string, outcome: 'paid' | 'failed' | 'returned'): Promise<void>;
  expire(pspReference: string): Promise<void>;
  /** Plays the cardholder; gives the query with which the browser returns. */
  playChallenge(reference: string, action: 'approve' | 'fail'): Promise<URLSearchParams>;
  /** Lets the cardholder dispute a payment, by its own or the PSP's reference, and takes the dispute on from there. */
  dispute(payment: string, then: readonly DisputeStep[]): Promise<void>;
  /** Makes an event happen; gives the PSP's id of what it is about. */
  trigger(event: string, reference: string): Promise<string>;
  plan(fault: Fault): Promise<void>;
  /** Returns once a planned fault has struck. */
  struck(): Promise<void>;
  heal(): Promise<void>;
}

export function createControl(options: { network: Network; clock: Clock; url: string; psp: string }): Control {
  const { network, clock, psp } = options;
  const url = `${options.url}/v1`;
  const get = async <T>(path: string): Promise<T> =>
    JSON.parse(await send(network, { method: 'GET', url: `${url}${path}` })) as T;
  const post = (path: string, body: object) => send(network, { method: 'POST', url: `${url}${path}`, body });

  async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    const giveUpAt = clock.elapsed() + DEADLINE_MS;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (clock.elapsed() > giveUpAt) throw new Error(`${psp} never had ${what}`);
      await clock.sleep(PAUSE_MS);
    }
  }

  const books = () => get<Books>(`/psps/${psp}/books`);

  return {
    update: async (change) => void (await send(network, { method: 'PATCH', url: `${url}/psps/${psp}`, body: change })),
    books,
    payment: (reference, state) =>
      eventually(`a payment ${reference} in state ${state}`, async () => {
        const newest = (await books()).payments.findLast((payment) => payment.reference === reference);
        return newest?.state === state ? newest : undefined;
      }),
    refund: (paymentPspReference, state) =>
      eventually(`a refund of ${paymentPspReference} in state ${state}`, async () =>
        (await books()).refunds.find(
          (refund) => refund.payment_psp_reference === paymentPspReference && refund.state === state,
        ),
      ),
    payout: (reference) =>
      eventually(`a payout ${reference}`, async () =>
        (await books()).payouts.findLast((payout) => payout.reference === reference),
      ),
    settlePayout: async (pspReference, outcome) => void (await post(`/payouts/${psp}/${pspReference}`, { outcome })),
    expire: async (pspReference) => void (await post(`/payments/${psp}/${pspReference}/expire`, {})),
    playChallenge: async (reference, action) => {
      const open = await get<Challenge[]>(`/challenges?psp=${psp}&state=open`);
      const challenge = open.find((candidate) => candidate.reference === reference);
      if (challenge === undefined) throw new Error(`${psp} shows no challenge for ${reference}`);
      const { return_to: returnTo } = JSON.parse(await post(`/challenges/${challenge.id}`, { action })) as {
        return_to: string;
      };
      return new URL(returnTo).searchParams;
    },
    dispute: async (payment, then) => {
      const opened = JSON.parse(await post(`/disputes/${psp}`, { payment })) as { psp_reference: string };
      for (const action of then) await post(`/disputes/${psp}/${opened.psp_reference}`, { action });
    },
    trigger: async (event, reference) => {
      const made = JSON.parse(await post(`/psps/${psp}/trigger`, { event, reference })) as { psp_reference: string };
      return made.psp_reference;
    },
    plan: async (fault) => void (await post('/faults', fault)),
    struck: async () =>
      void (await eventually('a fault that struck', async () =>
        (await get<ListedFault[]>('/faults')).find(({ hits }) => hits > 0),
      )),
    heal: async () => void (await send(network, { method: 'DELETE', url: `${url}/faults` })),
  };
}
