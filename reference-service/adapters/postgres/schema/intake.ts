/**
 * What comes in: requests under their idempotency keys, and events of PSPs.
 */
export const INTAKE_SCHEMA = `
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
`;
