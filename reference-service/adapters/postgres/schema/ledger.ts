/**
 * Wallets, transfers and their entries: no negative balance, entries that add up to zero and
 * never change. Days that are over are summed up once, so that a report does not read history.
 */
export const LEDGER_SCHEMA = `
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
  part text not null default '',
  txn_id text,
  idempotency_key text,
  player_id text,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  reason text,
  case_id text,
  available_after_minor bigint,
  created_at bigint not null,
  constraint transfer_correction_says_why check (kind <> 'correction' or (reason is not null and case_id is not null))
);
create unique index transfer_payment_kind_once on transfer (payment_id, kind, part)
  where kind not in ('platform_credit', 'platform_debit', 'round_rollback');
create unique index transfer_txn_once on transfer (txn_id) where txn_id is not null;
create unique index transfer_idempotency_key_once on transfer (idempotency_key) where idempotency_key is not null;

create function transfer_is_final() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.available_after_minor is null then
    old.available_after_minor := new.available_after_minor;
    if old is not distinct from new then
      return new;
    end if;
  end if;
  raise exception 'a ledger transfer is never changed: post a correcting transfer';
end $$;
create trigger transfer_is_final before update or delete on transfer
  for each row execute function transfer_is_final();

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

create table ledger_day (
  account text not null,
  currency text not null,
  day bigint not null,
  is_chart boolean not null,
  debits_minor bigint not null check (debits_minor >= 0),
  credits_minor bigint not null check (credits_minor >= 0),
  primary key (account, currency, day)
);
create index ledger_day_chart on ledger_day (day) where is_chart;

create table ledger_close (
  through_day bigint primary key,
  first_open_entry bigint not null,
  closed_at bigint not null
);
`;
