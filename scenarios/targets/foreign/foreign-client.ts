/**
 * A foreign service behind the client that the runner knows: intents become the calls of the
 * target file, answers become the words of the payments API. It neither retries nor judges;
 * what the file does not describe is a probe that failed, never an empty answer.
 */
import type { Network } from '../../../kernel/index.ts';
import type { Payment, PaymentInit, Payout, Refund } from '../../../openapi/generated/payments.ts';
import { majorText, minorUnits } from '../../dsl/amount.ts';
import type { Dialect } from '../../dsl/index.ts';
import type { JsonAnswer } from '../json-call.ts';
import type { KeyedCall, ServiceClient } from '../service-client.ts';
import { amountText } from './amounts.ts';
import { NotAsDescribed, NotDescribed } from './errors.ts';
import type { Values } from './fill.ts';
import { rememberOperations, type KnownOperation, type KnownOperations } from './known-operations.ts';
import { observer } from './observe.ts';
import { pickText, pickTexts } from './pick.ts';
import { pspToken } from './psp-tokens.ts';
import type { RowReader } from './read-rows.ts';
import { sendCall } from './send-call.ts';
import type { OperationSpec, Status, Target } from './target-file.ts';

/** Probes wait this long. */
const PROBE_TIMEOUT_MS = 10_000;

/** Times that the target does not tell. */
const NO_TIME = '';

export interface ForeignClientOptions {
  network: Network;
  target: Target;
  /** Base address, port, database: what every template may use. */
  values: Values;
  rows: RowReader;
  /** The PSPs of the run, in order; the first takes what names none. */
  psps: readonly { name: string; dialect: Dialect }[];
}

export interface ForeignClient extends ServiceClient {
  /** Tells it of an operation that other hands began: whose it is, how much, and by what the PSP knows it. */
  remember(operation: KnownOperation): void;
}

export function createForeignClient(options: ForeignClientOptions): ForeignClient {
  const { network, target, values, rows, psps } = options;
  const known = rememberOperations();
  const firstPsp = psps[0]?.name ?? '';

  function wordOf(word: string | undefined): Status | undefined {
    return word === undefined ? undefined : target.states[word];
  }

  /** Sends what begins something, and answers in the words of the payments API. */
  async function begin(
    what: 'deposit' | 'payout' | 'refund',
    asked: Omit<KnownOperation, 'id' | 'references'>,
    more: Values,
    timeoutMs: number,
  ): Promise<JsonAnswer> {
    const spec = target[what];
    if (spec === undefined) throw new NotDescribed(what);
    const { amountMinor, currency } = asked;
    const money = { amount: majorText(amountMinor, currency), amount_minor: amountMinor, currency };
    const answer = await sendCall(network, spec, { ...values, ...money, player: asked.player, ...more }, timeoutMs);
    return translate(what, spec, asked, answer, known, wordOf);
  }

  async function look(what: 'deposit' | 'payout' | 'refund', id: string): Promise<KnownOperation & { status: Status }> {
    const spec = target[what]?.status;
    const before = known.get(id);
    if (spec === undefined) throw new NotDescribed(`${what}.status`);
    const asked = { ...values, id, player: before?.player };
    const answer = await sendCall(network, spec, asked, PROBE_TIMEOUT_MS);
    if (answer.status !== 200) throw new NotAsDescribed(`${what}.status answered ${answer.status}`);
    const word = pickText(answer.body, spec.answer.status);
    if (word === undefined)
      throw new NotAsDescribed(`${what}.status: there is no ${spec.answer.status ?? ''} in the answer`);
    const status = wordOf(word);
    if (status === undefined) throw new NotAsDescribed(`${what}.status: \`${word}\` is not among \`states\``);
    const currency = pickText(answer.body, spec.answer.currency) ?? before?.currency ?? target.currencies?.[0];
    const player = pickText(answer.body, spec.answer.player) ?? before?.player;
    const amount = pickText(answer.body, spec.answer.amount);
    if (currency === undefined || player === undefined || (amount === undefined && before === undefined))
      throw new NotAsDescribed(`${what}.status: whose money and how much it is stands nowhere: add amount and player`);
    const references = pickTexts(answer.body, spec.answer.reference);
    const amountMinor =
      amount === undefined
        ? (before?.amountMinor ?? 0)
        : minorUnits(amountText(amount, currency, target.amounts), currency);
    const psp = pickText(answer.body, spec.answer.psp) ?? before?.psp ?? firstPsp;
    const noted = known.note({ id, player, amountMinor, currency, psp, references: [id, ...references], status: word });
    return { ...noted, amountMinor, status };
  }

  const unable = (what: string) => (): Promise<never> => Promise.reject(new NotDescribed(what));
  const watch = observer({ target, rows, values, known, firstPsp });

  return {
    remember: (operation) => void known.note(operation),
    initPayment: (body, { idempotencyKey, timeoutMs }) => {
      const psp = psps.find(({ name }) => name === metaOf(body, 'psp')) ?? psps[0];
      const more = {
        key: idempotencyKey,
        method: body.method,
        card: pspToken(body.payment_token ?? 'card_ok', psp?.dialect ?? 'acme', target.tokens),
        country: metaOf(body, 'country'),
        psp: psp?.name,
        return_url: body.return_url,
      };
      const asked = {
        player: body.player_id,
        amountMinor: minorUnits(body.amount, body.currency),
        currency: body.currency,
        psp: psp?.name ?? '',
      };
      return begin('deposit', asked, more, timeoutMs);
    },
    initPayout: (body, { idempotencyKey, timeoutMs }) => {
      const psp = metaOf(body, 'psp') ?? firstPsp;
      const token = body.destination_token ?? '';
      const destination = target.tokens?.[token] ?? token;
      const more = { key: idempotencyKey, method: body.method, destination, psp };
      const asked = {
        player: body.player_id,
        amountMinor: minorUnits(body.amount, body.currency),
        currency: body.currency,
        psp,
      };
      return begin('payout', asked, more, timeoutMs);
    },
    refundPayment: (paymentId, amount, { idempotencyKey, timeoutMs }: KeyedCall) => {
      const payment = known.get(paymentId);
      if (payment === undefined) return Promise.reject(new NotAsDescribed(`nobody knows the payment ${paymentId}`));
      const { player, currency, psp } = payment;
      const asked = { player, currency, psp, amountMinor: minorUnits(amount, currency), about: paymentId };
      return begin('refund', asked, { key: idempotencyKey, id: paymentId }, timeoutMs);
    },
    creditWallet: (body, { timeoutMs }) => {
      if (target.fund === undefined) return Promise.reject(new NotDescribed('fund'));
      const minor = minorUnits(body.amount, body.currency);
      const money = { amount: body.amount, amount_minor: minor, currency: body.currency };
      const more = { ...values, ...money, key: body.idempotency_key, player: body.player_id };
      return sendCall(network, target.fund, more, timeoutMs).then(as200);
    },
    payment: async (id) => shaped<Payment>('payment', await look('deposit', id)),
    payout: async (id) => shaped<Payout>('payout', await look('payout', id)),
    refund: async (id) => shaped<Refund>('refund', await look('refund', id)),
    ...watch,
    capturePayment: unable('captures'),
    voidPayment: unable('voids'),
    debitWallet: unable('game rounds'),
    rollBackRound: unable('game rounds'),
    removeStoredMethod: unable('kept methods'),
    storedMethods: unable('kept methods'),
    putLimits: unable('limits'),
    exclude: unable('exclusions'),
    setPspService: unable('switching PSPs'),
  };
}

function metaOf(body: { meta?: PaymentInit['meta'] }, name: 'psp' | 'country'): string | undefined {
  const found = (body.meta as Record<string, unknown> | undefined)?.[name];
  return typeof found === 'string' ? found : undefined;
}

/** A platform's credit is done or not; what a 201 or 204 says more is nobody's business. */
function as200(answer: JsonAnswer): JsonAnswer {
  return answer.status >= 200 && answer.status < 300 ? { ...answer, status: 200 } : answer;
}

const ID_FIELDS = { deposit: 'payment_id', payout: 'payout_id', refund: 'refund_id' } as const;

/** The service's answer in the words of the payments API; a 2xx without an id is no answer at all. */
function translate(
  what: keyof typeof ID_FIELDS,
  spec: OperationSpec,
  asked: Omit<KnownOperation, 'id' | 'references'>,
  answer: JsonAnswer,
  known: KnownOperations,
  wordOf: (word: string | undefined) => Status | undefined,
): JsonAnswer {
  const id = pickText(answer.body, spec.answer.id);
  const word = pickText(answer.body, spec.answer.status);
  const accepted = answer.status >= 200 && answer.status < 300;
  if (accepted && id === undefined) return { ...answer, status: 502, body: { error: `no_${spec.answer.id ?? 'id'}` } };
  if (id !== undefined) {
    const references = [id, ...pickTexts(answer.body, spec.answer.reference)];
    known.note({ ...asked, id, references, ...(word === undefined ? {} : { status: word }) });
  }
  if (!accepted) {
    const error = pickText(answer.body, spec.answer.error) ?? `http_${answer.status}`;
    return { ...answer, body: { error, ...(id === undefined ? {} : { details: { [ID_FIELDS[what]]: id } }) } };
  }
  const redirect = pickText(answer.body, spec.answer.redirect);
  const waits = redirect !== undefined && redirect !== '';
  const body = {
    [ID_FIELDS[what]]: id,
    // A page to open means that nothing is decided, whatever the service calls that.
    status: waits ? 'pending' : (wordOf(word) ?? 'pending'),
    ...(waits ? { redirect_url: redirect } : {}),
  };
  return { ...answer, body };
}

/** What a probe shows of it. */
function shaped<T>(kind: 'payment' | 'payout' | 'refund', operation: KnownOperation & { status: Status }): T {
  const { id, player, amountMinor, currency, psp, references, status, about } = operation;
  const attempts = references.map((reference) => ({
    attempt_id: reference,
    psp,
    status,
    created_at: NO_TIME,
    updated_at: NO_TIME,
  }));
  return {
    [`${kind}_id`]: id,
    ...(about === undefined ? {} : { payment_id: about }),
    player_id: player,
    status,
    amount: majorText(amountMinor, currency),
    currency,
    attempts,
  } as T;
}
