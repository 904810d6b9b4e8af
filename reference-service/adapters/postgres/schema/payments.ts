/**
 * Payments, payouts and their attempts. One live attempt per payment is an index, not a habit.
 */
export const PAYMENTS_SCHEMA = `
create table payment (
  id text primary key,
  txn_id text not null unique,
  player_id text not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  method text not null,
  token text not null,
  stored_method_id text,
  stored_token text,
  pinned_psp text,
  store_method boolean not null,
  capture text not null check (capture in ('automatic', 'manual')),
  challenge text not null check (challenge in ('auto', 'force')),
  country text,
  device text,
  bin text,
  bank text,
  return_url text not null,
  preferred_psp text,
  trace_id text,
  status text not null check (status in ('pending', 'authorized', 'succeeded', 'declined', 'canceled', 'failed', 'refunded')),
  redirect_url text,
  credited_attempt_id text,
  credited_at bigint,
  credited_minor bigint check (credited_minor > 0 and credited_minor <= amount_minor),
  refunded_minor bigint not null check (refunded_minor >= 0),
  disputed_minor bigint not null check (disputed_minor >= 0),
  authorized_at bigint,
  capture_minor bigint check (capture_minor > 0 and capture_minor <= amount_minor),
  capture_asked_at bigint,
  cancel_requested_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  expires_at bigint not null,
  next_step_at bigint,
  constraint payment_refunds_bounded check (refunded_minor <= coalesce(credited_minor, 0))
);
create index payment_by_time on payment using brin (created_at) with (pages_per_range = 32);
create index payment_due on payment (next_step_at, id) where next_step_at is not null;

create table payout (
  id text primary key,
  txn_id text not null unique,
  player_id text not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  method text not null,
  destination_token text not null,
  country text,
  bank text,
  preferred_psp text,
  pinned_psp text,
  trace_id text,
  status text not null check (status in ('pending', 'deferred', 'succeeded', 'failed', 'returned')),
  failure_reason text,
  deferred_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  expires_at bigint not null,
  next_step_at bigint
);
create index payout_by_time on payout using brin (created_at) with (pages_per_range = 32);
create index payout_due on payout (next_step_at, id) where next_step_at is not null;

create table attempt (
  id text primary key,
  subject_kind text not null check (subject_kind in ('deposit', 'payout')),
  subject_id text not null,
  seq int not null,
  psp text not null,
  status text not null check (status in ('created', 'sent', 'in_doubt', 'requires_action', 'authorized', 'approved',
    'declined', 'not_reached', 'absent_proven', 'canceled', 'reversed')),
  psp_reference text,
  decline_code text,
  decline_class text,
  idempotency_key text not null,
  return_query jsonb,
  sent_at bigint not null,
  status_since bigint not null,
  absent_seen_at bigint,
  checks int not null default 0,
  answered_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  constraint attempt_seq_once unique (subject_id, seq)
);
create unique index attempt_one_live on attempt (subject_id)
  where status in ('created', 'sent', 'in_doubt', 'requires_action', 'authorized', 'approved');
create index attempt_by_psp_reference on attempt (psp, psp_reference) where psp_reference is not null;
`;
