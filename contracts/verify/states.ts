/**
 * Provider states at a PSP that knows nothing of them. What calls can make is made by calls; the
 * rest (a cardholder at a page, a bank that refuses, an outage) is asked of whoever can do it: the
 * partner's own endpoint, or the control API of a simulated PSP. What nobody can make stays unknown.
 */
import type { Network } from '../../kernel/index.ts';
import type { PactFile, PactState } from '../pact-files.ts';
import { createHands, type Hands } from '../provider/hands.ts';
import type { SimulatedPsp } from '../provider/simulator-process.ts';
import type { StandIns } from '../provider/stand-ins.ts';
import { sendBefore } from '../provider/states.ts';
import { textAt, type Dialect } from './dialects/dialect.ts';
import type { SwapTestValues } from './test-values.ts';

/** Makes a state, and ends it afterwards. @throws StateUnmadeError with a sentence why */
export interface StateMaker {
  make(state: PactState): Promise<() => Promise<void>>;
}

export class StateUnmadeError extends Error {}

/** Makes what no call can make. Resolves with what ends it, or null when it cannot. */
export type AskForState = (state: PactState) => Promise<(() => Promise<void>) | null>;

export interface StateTools {
  network: Network;
  dialect: Dialect;
  psp: Pick<SimulatedPsp, 'dialect' | 'url' | 'credentials'> & { name: string };
  pact: PactFile;
  run: string;
  swapTestValues: SwapTestValues;
  standIns: StandIns;
  ask: AskForState;
}

interface Params {
  reference: string;
  psp_reference: string;
  /** Of what was captured or authorized, where that has an id of its own. */
  part_reference?: string;
  idempotency_key: string;
}

type ByCalls = (hands: Hands, params: Params, id: (text: string) => string) => Promise<string | undefined>;

const WAITS = 'a payment that waits for the cardholder';

const BY_CALLS: Readonly<Record<string, ByCalls>> = {
  'a payment whose payer was not sent to his bank yet': async (hands, { reference }, id) =>
    hands.create === undefined ? undefined : id(await hands.create(reference)),
  'a captured payment': async (hands, { reference }, id) => id(await hands.pay(reference, 'captured')),
  'a declined payment': async (hands, { reference }, id) => id(await hands.pay(reference, 'declined')),
  // Adyen names it only once the cardholder is back.
  [WAITS]: async (hands, { reference }, id) => {
    const answer = await hands.pay(reference, 'challenged');
    return answer.includes('RedirectShopper') ? undefined : id(answer);
  },
  'an authorized payment that is not captured yet': async (hands, { reference }, id) =>
    id(await hands.pay(reference, 'authorized')),
  'an authorized payment that was captured later': async (hands, { reference }, id) => {
    const made = id(await hands.pay(reference, 'authorized'));
    await hands.capture(made, reference);
    return made;
  },
  'a canceled payment': async (hands, { reference }, id) => {
    const made = id(await hands.pay(reference, 'authorized'));
    await hands.cancel(made, reference);
    return made;
  },
  'a refunded payment': async (hands, { reference }, id) => {
    const made = id(await hands.pay(reference, 'captured'));
    await hands.refund(made, `${reference}_refund`);
    return made;
  },
};

/** What calls alone make at a PSP that takes nothing before the payer has been at his bank. */
const WITHOUT_PAYER: ReadonlySet<string> = new Set(['a payment whose payer was not sent to his bank yet', WAITS]);

const nothingToEnd = (): Promise<void> => Promise.resolve();

export function createStateMaker(tools: StateTools): StateMaker {
  const { dialect, standIns, ask, swapTestValues } = tools;
  let made: Hands | undefined;
  /** Made when first needed, because only a dialect with a pact has them; one, because it counts its keys. */
  const hands = (): Hands => (made ??= createHands(tools.network, tools.psp, `${tools.run}-`, swapTestValues));
  const idIn = (text: string): string => {
    const json: unknown = JSON.parse(text);
    // A declined card is an error to Stripe, with the payment inside.
    const found = dialect.idOf(json) ?? textAt(json, 'error.payment_intent.id');
    if (found === undefined) throw new StateUnmadeError(`the answer names no payment: ${text}`);
    return found;
  };
  const before = async (alter: (body: string) => string, key = ''): Promise<() => Promise<void>> => {
    const { status, text } = await sendBefore(tools, key, (body) => swapTestValues(alter(body)));
    if (status >= 300) throw new StateUnmadeError(`the first request was answered ${status}: ${text}`);
    return nothingToEnd;
  };

  return {
    make: async (state) => {
      const params = (state.params ?? {}) as unknown as Params;
      // Where the payer approves at a page, a call only opens the payment.
      const isOpened = hands().payerActs !== true || WITHOUT_PAYER.has(state.name);
      const byCalls = isOpened ? BY_CALLS[state.name] : undefined;
      if (byCalls !== undefined) {
        const id = await byCalls(hands(), params, idIn).catch((error: unknown) => {
          throw new StateUnmadeError(`"${state.name}" could not be made: ${String(error)}`);
        });
        if (id !== undefined) standIns.add(params.psp_reference, id);
        const { partOf } = hands();
        if (id !== undefined && params.part_reference !== undefined && partOf !== undefined)
          standIns.add(params.part_reference, await partOf(id));
        return nothingToEnd;
      }
      if (state.name === 'the same request was answered before') return before((body) => body, params.idempotency_key);
      if (state.name === 'another request used this idempotency key')
        return before((body) => body.replace('5000', '5100').replace('50.00', '51.00'), params.idempotency_key);
      const end = await ask(state);
      if (end === null)
        throw new StateUnmadeError(`no call makes the state "${state.name}"; give states.url, which can`);
      return end;
    },
  };
}
