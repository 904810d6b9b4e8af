/**
 * The schema. Times are epoch milliseconds and ids are texts, both from the caller, so that a
 * run in virtual time is repeatable. What money depends on is a constraint here, not only a
 * habit of the code: one credit per payment, one live attempt per payment, no negative
 * balance, entries that add up to zero and are never changed.
 */
export const SCHEMA_VERSION = 2;

export const SCHEMA = `
create table payment (
  id text primary key,
  txn_id text not null unique,
  player_id text not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  method text not null,
  token text not null,
  return_url text not null,
  preferred_psp text,
  status text not null check (status in ('pending', 'succeeded', 'declined', 'canceled', 'failed', 'refunded')),
  redirect_url text,
  credited_attempt_id text,
  credited_at bigint,
  cancel_requested_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  expires_at bigint not null,
  next_step_at bigint
);
create index payment_due on payment (next_step_at, id) where next_step_at is not null;

create table payout (
  id text primary key,
  txn_id text not null unique,
  player_id text not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  method text not null,
  destination_token text not null,
  preferred_psp text,
  status text not null check (status in ('pending', 'deferred', 'succeeded', 'failed')),
  created_at bigint not null,
  updated_at bigint not null,
  expires_at bigint not null,
  next_step_at bigint
);
create index payout_due on payout (next_step_at, id) where next_step_at is not null;

create table attempt (
  id text primary key,
  subject_kind text not null check (subject_kind in ('deposit', 'payout')),
  subject_id text not null,
  seq int not null,
  psp text not null,
  status text not null check (status in ('created', 'sent', 'in_doubt', 'requires_action', 'approved',
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
  created_at bigint not null,
  updated_at bigint not null,
  constraint attempt_seq_once unique (subject_id, seq)
);
create unique index attempt_one_live on attempt (subject_id)
  where status in ('created', 'sent', 'in_doubt', 'requires_action', 'approved');
create index attempt_by_psp_reference on attempt (psp, psp_reference) where psp_reference is not null;

create table refund (
  id text primary key,
  attempt_id text not null,
  payment_id text not null,
  psp text not null,
  psp_reference text,
  amount_minor bigint not null,
  currency text not null,
  idempotency_key text not null,
  status text not null check (status in ('unproven', 'refuted', 'wanted', 'received', 'done', 'rejected')),
  tries int not null default 0,
  created_at bigint not null,
  updated_at bigint not null,
  next_step_at bigint
);
create unique index refund_payment_once on refund (attempt_id, coalesce(psp_reference, ''));
create index refund_by_payment on refund (payment_id);
create index refund_due on refund (next_step_at, id) where next_step_at is not null;

create table idempotency_key (
  scope text not null,
  key text not null,
  fingerprint text not null,
  subject_id text,
  locked_until bigint not null,
  response_status int,
  response_body jsonb,
  created_at bigint not null,
  expires_at bigint not null,
  primary key (scope, key)
);
create index idempotency_key_expiry on idempotency_key (expires_at);

create table inbox (
  psp text not null,
  event_id text not null,
  event jsonb not null,
  raw_body bytea not null,
  headers jsonb not null,
  status text not null check (status in ('waiting', 'done', 'dead')),
  outcome text,
  tries int not null default 0,
  received_at bigint not null,
  next_step_at bigint,
  constraint inbox_event_once primary key (psp, event_id)
);
create index inbox_due on inbox (next_step_at, psp, event_id) where next_step_at is not null;

create table discrepancy (
  id text primary key,
  position bigint generated always as identity,
  kind text not null,
  status text not null check (status in ('open', 'resolved')),
  subject_id text not null,
  psp text,
  summary text not null,
  opened_at bigint not null,
  constraint discrepancy_once unique (kind, subject_id)
);

create table wallet (
  player_id text not null,
  currency text not null,
  available_minor bigint not null constraint wallet_available_not_negative check (available_minor >= 0),
  held_minor bigint not null constraint wallet_held_not_negative check (held_minor >= 0),
  updated_at bigint not null,
  primary key (player_id, currency)
);

create table transfer (
  id text primary key,
  kind text not null,
  payment_id text not null,
  txn_id text,
  idempotency_key text,
  player_id text not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  available_after_minor bigint,
  created_at bigint not null
);
create unique index transfer_payment_kind_once on transfer (payment_id, kind)
  where kind not in ('platform_credit', 'platform_debit');
create unique index transfer_txn_once on transfer (txn_id) where txn_id is not null;
create unique index transfer_idempotency_key_once on transfer (idempotency_key) where idempotency_key is not null;

create table entry (
  id bigint generated always as identity primary key,
  transfer_id text not null,
  account text not null,
  amount_minor bigint not null,
  currency text not null,
  created_at bigint not null
);
create index entry_by_account on entry (account, id);
create index entry_by_transfer on entry (transfer_id);

create function entry_adds_up() returns trigger language plpgsql as $$
begin
  if exists (select 1 from added group by transfer_id, currency having sum(amount_minor) <> 0) then
    raise exception 'entries of a transfer do not add up to zero';
  end if;
  return null;
end $$;
create trigger entry_adds_up after insert on entry
  referencing new table as added for each statement execute function entry_adds_up();

create function entry_is_final() returns trigger language plpgsql as $$
begin
  raise exception 'a ledger entry is never changed: post a correcting transfer';
end $$;
create trigger entry_is_final before update or delete on entry
  for each row execute function entry_is_final();

create function service_schema_version() returns int language sql immutable as 'select ${SCHEMA_VERSION}';
`;
