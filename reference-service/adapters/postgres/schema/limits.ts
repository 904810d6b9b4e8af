/**
 * Players, their limits, judgements of risk, and what payouts were checked for. The row of a
 * player is the lock under which his deposits are admitted.
 */
export const LIMITS_SCHEMA = `
create table player (
  id text primary key,
  country text,
  registered_at bigint,
  kyc_level int not null check (kyc_level between 0 and 3),
  kyc_requested_at bigint,
  kyc_verified_at bigint,
  cool_off_until bigint,
  excluded_at bigint,
  excluded_until bigint,
  guarded boolean not null,
  created_at bigint not null,
  updated_at bigint not null,
  constraint player_restrictions_are_guarded check (guarded or (cool_off_until is null and excluded_at is null)),
  constraint player_exclusion_has_begin check (excluded_until is null or excluded_at is not null)
);

create table player_limit (
  player_id text not null references player (id),
  currency text not null,
  period text not null check (period in ('day', 'week', 'month')),
  amount_minor bigint check (amount_minor >= 0),
  pending_amount_minor bigint check (pending_amount_minor >= 0),
  pending_at bigint,
  primary key (player_id, currency, period)
);

create table wagering_requirement (
  player_id text not null,
  reference text not null,
  currency text not null,
  amount_minor bigint not null check (amount_minor > 0),
  after_entry_id bigint not null,
  created_at bigint not null,
  primary key (player_id, reference)
);

create table risk_decision (
  subject_id text primary key,
  kind text not null check (kind in ('deposit', 'payout')),
  player_id text not null,
  decision text not null check (decision in ('allow', 'step_up', 'deny')),
  score int not null,
  reasons jsonb not null,
  decided_at bigint not null
);

create table payout_check (
  payout_id text primary key,
  route jsonb,
  review_status text check (review_status in ('waiting', 'approved', 'rejected')),
  review_reasons jsonb,
  review_opened_at bigint,
  review_decided_at bigint,
  review_note text
);
create index payout_check_waiting on payout_check (payout_id) where review_status = 'waiting';

create index payment_by_player on payment (player_id, created_at);
create index payout_by_player on payout (player_id, created_at);
create index payout_by_status on payout (status, created_at, id);
`;
