/**
 * What the platform is to be told, stored in the same commit as what it is about.
 */
export const OUTBOX_SCHEMA = `
create table outbox (
  id text primary key,
  position bigint generated always as identity,
  type text not null,
  subject_id text not null,
  player_id text,
  payload jsonb not null,
  status text not null check (status in ('waiting', 'delivered', 'dead')),
  tries int not null default 0,
  created_at bigint not null,
  next_step_at bigint
);
create index outbox_due on outbox (next_step_at, id) where next_step_at is not null;
`;
