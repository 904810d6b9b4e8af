/**
 * Writes the books of a world into the service's tables, as the service itself would have left
 * them: payments, attempts, transfers and their entries, refunds and disputes. Set by set, from
 * one table of numbers: a million payments by HTTP would take hours and prove nothing here.
 */
import type { Knex } from 'knex';
import { PSP, type BookPayment, type World } from './world.ts';

const BLOCK = 20_000;

const NUMBERS = ['n', 'amount', 'taken', 'learned', 'refund'] as const;

export async function writeBooks(knex: Knex, world: World): Promise<void> {
  await knex.transaction(async (trx) => {
    await trx.raw(
      `create temp table book (n bigint, amount bigint, currency text, method text, taken bigint, learned bigint, psp_reference text,
         credited boolean, refund bigint, disputed boolean) on commit drop`,
    );
    for (let from = 0; from < world.options.payments; from += BLOCK) {
      const block: BookPayment[] = [];
      for (let n = from; n < Math.min(from + BLOCK, world.options.payments); n += 1) block.push(world.payment(n));
      const list = (value: (payment: BookPayment) => string | number | boolean): string =>
        `{${block.map(value).join(',')}}`;
      await trx.raw(
        `insert into book (${NUMBERS.join(', ')}, currency, method, psp_reference, credited, disputed)
         select * from unnest(cast(:n as bigint[]), cast(:amount as bigint[]), cast(:taken as bigint[]), cast(:learned as bigint[]),
           cast(:refund as bigint[]), cast(:currency as text[]), cast(:method as text[]), cast(:reference as text[]),
           cast(:credited as boolean[]), cast(:disputed as boolean[]))`,
        {
          n: list(({ n }) => n),
          amount: list(({ amountMinor }) => amountMinor),
          taken: list(({ takenAt }) => takenAt),
          learned: list(({ learnedAt }) => learnedAt),
          refund: list(({ refundMinor }) => refundMinor),
          currency: list(({ currency }) => currency),
          method: list(({ method }) => method),
          reference: list(({ pspReference }) => pspReference),
          credited: list(({ isCredited }) => isCredited),
          disputed: list(({ isDisputed }) => isDisputed),
        },
      );
    }
    for (const statement of STATEMENTS) await trx.raw(statement);
  });
}

/** Money in and out of the PSP's clearing account, and the other side of it. */
function posted(
  kind: string,
  { id, part, sign, amount, where, at }: Record<'id' | 'part' | 'sign' | 'amount' | 'where' | 'at', string>,
): string[] {
  return [
    `insert into transfer (id, kind, payment_id, part, player_id, amount_minor, currency, created_at)
     select '${id}' || n, '${kind}', 'pay_' || n, ${part}, 'player-' || n % 5000, ${amount}, currency, ${at} from book where ${where} order by n`,
    `insert into entry (transfer_id, account, amount_minor, currency, created_at)
     select '${id}' || n, side.account, side.sign * ${sign}${amount}, currency, ${at}
     from book cross join lateral (values ('psp:${PSP}', -1), ('wallet:player-' || n % 5000, 1)) as side (account, sign) where ${where} order by n`,
  ];
}

const STATEMENTS = [
  `insert into payment (id, txn_id, player_id, amount_minor, currency, method, token, store_method, capture, challenge, return_url, status,
     credited_attempt_id, credited_at, credited_minor, refunded_minor, disputed_minor, created_at, updated_at, expires_at)
   select 'pay_' || n, 'txn_' || n, 'player-' || n % 5000, amount, currency, method, 'card_ok', false, 'automatic', 'auto', 'https://casino.example/',
     case when credited then 'succeeded' else 'declined' end, case when credited then 'att_' || n end, case when credited then learned end,
     case when credited then amount end, refund, case when disputed then amount else 0 end, taken, learned, taken + 3600000 from book order by n`,
  `insert into attempt (id, subject_kind, subject_id, seq, psp, status, psp_reference, idempotency_key, sent_at, status_since, created_at, updated_at)
   select 'att_' || n, 'deposit', 'pay_' || n, 1, '${PSP}', case when credited then 'approved' else 'declined' end, psp_reference, 'key-att_' || n,
     taken, learned, taken, learned from book order by n`,
  ...posted('deposit_credit', {
    id: 'tr_c_',
    part: `''`,
    sign: '',
    amount: 'amount',
    where: 'credited',
    at: 'learned',
  }),
  `insert into refund (id, origin, attempt_id, payment_id, psp, psp_reference, part_reference, amount_minor, booked_minor, explained_minor, currency,
     idempotency_key, status, tries, created_at, updated_at)
   select 'ref_' || n, 'psp', 'att_' || n, 'pay_' || n, '${PSP}', psp_reference, 'ref_acme_' || n, refund, refund, 0, currency,
     'key-ref_' || n, 'done', 1, learned, learned from book where refund > 0 order by n`,
  ...posted('deposit_refund', {
    id: 'tr_r_',
    part: `'ref_' || n`,
    sign: '-',
    amount: 'refund',
    where: 'refund > 0',
    at: 'learned + 86400000',
  }),
  `insert into dispute (id, payment_id, attempt_id, player_id, psp, psp_reference, amount_minor, currency, status, turn, status_at, loss_minor, created_at, updated_at)
   select 'dis_' || n, 'pay_' || n, 'att_' || n, 'player-' || n % 5000, '${PSP}', 'dis_acme_' || n, amount, currency, 'open', 1, learned, 0, learned, learned
   from book where disputed order by n`,
  ...posted('chargeback', {
    id: 'tr_d_',
    part: `'dis_' || n || '-1'`,
    sign: '-',
    amount: 'amount',
    where: 'disputed',
    at: 'learned + 86400000',
  }),
];
