/** The doctor tries deposits: one that works, with its webhook and status, then cards that end otherwise. */
import { isProblem } from '../targets/service-client.ts';
import { namesIn } from '../targets/foreign/index.ts';
import type { JsonAnswer } from '../targets/json-call.ts';
import type { Check } from './checks.ts';
import { reasonOf, type Patient } from './patient.ts';

type Note = (check: Check) => void;

const WEBHOOK_WITHIN_MS = 10_000;
const FINAL_WITHIN_MS = 10_000;

/** The id of a deposit that was made; undefined when there is nothing to go on with. */
export async function examineDeposit(patient: Patient, note: Note): Promise<string | undefined> {
  const id = await makeDeposit(patient, note);
  if (id === undefined) return undefined;
  await examineWebhook(patient, note);
  await examineStatus(patient, id, note);
  await examineKey(patient, id, note);
  return id;
}

async function makeDeposit(patient: Patient, note: Note): Promise<string | undefined> {
  const { call, answer: paths } = patient.target.deposit;
  let answer: JsonAnswer;
  try {
    answer = await patient.deposit('card_ok', 'doctor-1');
  } catch (error) {
    note({
      line: 'deposit',
      works: false,
      says: `${call}: ${reasonOf(error)}`,
      advice: 'Correct `deposit.call`, or `start.ready` when it was asked too early.',
    });
    return undefined;
  }
  const id = (answer.body as Record<string, unknown>)['payment_id'];
  if (typeof id === 'string' && answer.status < 300) {
    note({ line: 'deposit', works: true, says: `${call} made ${id}` });
    return id;
  }
  const code = isProblem(answer.body) ? answer.body.error : '';
  const advice = code.startsWith('no_')
    ? `There is nothing at \`${paths.id ?? ''}\` of the answer: correct \`deposit.answer.id\`.`
    : 'Correct `deposit`: address, headers, body. What the service prints may say why.';
  note({ line: 'deposit', works: false, says: `${call} was refused (${code === '' ? answer.status : code})`, advice });
  return undefined;
}

async function examineWebhook(patient: Patient, note: Note): Promise<void> {
  const line = `psps.${patient.psps[0] ?? ''}`;
  const { events } = patient;
  if (!events().some(({ type, f }) => type === 'recv' && f === 'exchange')) {
    const url = `{${patient.psps[0] ?? 'psp'}.url}`;
    note({
      line,
      works: false,
      says: 'the service called no simulated PSP',
      advice: `Give it ${url} as the PSP's address in \`start.env\` (docs/CONNECT.md).`,
    });
    return;
  }
  const end = await patient.until(WEBHOOK_WITHIN_MS, () =>
    events().find(({ type, f }) => f === 'webhook-ack' || (type === 'drop' && f === 'webhook')),
  );
  if (end === undefined) {
    note({
      line: `${line}.webhooks`,
      works: false,
      says: `no webhook left within ${WEBHOOK_WITHIN_MS / 1_000} s`,
      advice: 'Some PSPs send them only where the payment names an address: look at what the service asks for.',
    });
    return;
  }
  const { status, reason } = (end.value ?? {}) as { status?: number; reason?: string };
  const works = status !== undefined && status < 300;
  note({
    line: `${line}.webhooks`,
    works,
    says:
      status === undefined
        ? `the webhook got no answer (${reason ?? 'nobody there'})`
        : `the webhook was answered with ${status}`,
    ...(works
      ? {}
      : {
          advice:
            status === 404
              ? 'Correct the path.'
              : 'Check the path, and that the service has the webhook secret of `start.env`.',
        }),
  });
}

async function examineStatus(patient: Patient, id: string, note: Note): Promise<void> {
  if (patient.target.deposit.status === undefined)
    return note({ line: 'deposit.status', works: null, says: 'not described' });
  let last = '';
  const final = await patient.until(FINAL_WITHIN_MS, async () => {
    try {
      const payment = await patient.client.payment(id);
      last = `${id} is ${payment.status}`;
      return payment.status === 'succeeded' ? payment : undefined;
    } catch (error) {
      last = reasonOf(error);
      return undefined;
    }
  });
  const works = final !== undefined;
  note({
    line: 'deposit.status',
    works,
    says: last,
    ...(works ? {} : { advice: 'A good card ends as `succeeded`: check `deposit.status`, `states` and the webhook.' }),
  });
  if (final !== undefined)
    examineReference(
      patient,
      final.attempts.map((attempt) => attempt.attempt_id),
      note,
    );
}

/** Whether what the target tells leads to the PSP's books. */
function examineReference(patient: Patient, references: readonly string[], note: Note): void {
  const books = patient.events().filter(({ f, type }) => f === 'books' && type === 'obs');
  const found = books.some(({ value }) => {
    const entry = value as { reference?: string; psp_reference?: string };
    return references.includes(entry.reference ?? '') || references.includes(entry.psp_reference ?? '');
  });
  note({
    line: 'deposit.answer.reference',
    works: found,
    says: found ? "the PSP's books know it by that name" : `the PSP's books know nothing of ${references.join(' or ')}`,
    ...(found
      ? {}
      : {
          advice:
            "Name where the service tells the PSP's id, or what it gave the PSP as reference: `reference` in `deposit.answer` or `deposit.status.answer`.",
        }),
  });
}

async function examineKey(patient: Patient, id: string, note: Note): Promise<void> {
  if (!namesIn(patient.target.deposit).includes('key'))
    return note({
      line: 'deposit {key}',
      works: null,
      says: 'no idempotency key: clients will not repeat requests, and I7 is not put to the test',
    });
  const again = (await patient.deposit('card_ok', 'doctor-1')).body as Record<string, unknown>;
  const works = again['payment_id'] === id;
  note({
    line: 'deposit {key}',
    works,
    says: works ? 'the same key gave the same deposit' : 'the same key made another deposit',
    ...(works
      ? {}
      : { advice: 'Where the service knows no keys, leave {key} out; else this is a bug that I7 will name.' }),
  });
}

/** A declined card and one with a challenge. */
export async function examineOtherCards(patient: Patient, note: Note): Promise<void> {
  const declined = await patient.deposit('card_declined', 'doctor-2');
  const id = (declined.body as Record<string, unknown>)['payment_id'];
  const status = typeof id === 'string' ? await lastStatus(patient, id) : 'refused';
  const works = ['declined', 'failed', 'canceled', 'refused'].includes(status);
  note({
    line: 'states',
    works,
    says: `a declined card ends as ${status}`,
    ...(works
      ? {}
      : {
          advice:
            "Give the service's word for it in `states`; and check `tokens`: the card must be one that the PSP declines.",
        }),
  });
  const challenged = (await patient.deposit('card_3ds', 'doctor-3')).body as Record<string, unknown>;
  const redirect = challenged['redirect_url'];
  if (patient.target.deposit.answer.redirect === undefined)
    return note({
      line: 'deposit.answer.redirect',
      works: null,
      says: 'not described: players will not come to their 3DS page',
    });
  note({
    line: 'deposit.answer.redirect',
    works: typeof redirect === 'string',
    says: typeof redirect === 'string' ? 'a card with 3DS leads to its page' : 'a card with 3DS led to no page',
    ...(typeof redirect === 'string' ? {} : { advice: 'Name where the answer has the page, and check `tokens`.' }),
  });
}

async function lastStatus(patient: Patient, id: string): Promise<string> {
  let last = 'unknown';
  await patient.until(FINAL_WITHIN_MS, async () => {
    last = await patient.client.payment(id).then(({ status }) => status, reasonOf);
    return ['declined', 'failed', 'canceled'].includes(last) ? true : undefined;
  });
  return last;
}
