/**
 * What the platform is to be told, stored in the same commit as what it is about; each try to
 * tell it; and the state of the address that it is told at. `lease_until`: a process is telling
 * it right now; when that process dies, the lease ends and another one tells it.
 */
export const OUTBOX_SCHEMA = `
create table outbox (
  id text primary key,
  position bigint generated always as identity,
  type text not null,
  subject_id text not null,
  player_id text,
  payload jsonb not null,
  status text not null check (status in ('waiting', 'untold', 'delivered', 'dead')),
  tries int not null default 0,
  replays int not null default 0,
  created_at bigint not null,
  delivered_at bigint,
  next_step_at bigint,
  lease_until bigint
);
create index outbox_due on outbox (next_step_at, id) where next_step_at is not null;
create index outbox_listed on outbox (position);
create index outbox_untold on outbox (created_at) where status = 'untold';
create index outbox_dead on outbox (position) where status = 'dead';
create index outbox_by_subject on outbox (subject_id, position);

create table outbox_try (
  position bigint generated always as identity primary key,
  event_id text not null references outbox (id),
  number int not null,
  at bigint not null,
  status int,
  error text,
  ms int not null,
  response_hash text,
  next_step_at bigint
);
create index outbox_try_by_event on outbox_try (event_id, position);
create index outbox_try_age on outbox_try (at);

create table event_endpoint (
  url text primary key,
  paused_until bigint,
  disabled_at bigint,
  disabled_reason text
);
`;
