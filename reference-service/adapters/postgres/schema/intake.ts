/**
 * What comes in: requests under their idempotency keys, and events of PSPs with the log of their
 * deliveries. A nonce is remembered with the body that it came with, as long as it could be valid.
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
  replays int not null default 0,
  origin text not null default 'delivered' check (origin in ('delivered', 'read')),
  received_at bigint not null,
  next_step_at bigint,
  constraint inbox_event_once primary key (psp, event_id)
);
create index inbox_due on inbox (next_step_at, psp, event_id) where next_step_at is not null;
create index inbox_dead on inbox (received_at, psp, event_id) where status = 'dead';

create table webhook_nonce (
  psp text not null,
  nonce text not null,
  body_hash text not null,
  expires_at bigint not null,
  primary key (psp, nonce)
);
create index webhook_nonce_expiry on webhook_nonce (expires_at);

create table webhook_delivery (
  position bigint generated always as identity primary key,
  psp text not null,
  received_at bigint not null,
  status text not null check (status in ('stored', 'duplicate')),
  event_ids jsonb not null,
  ms int not null
);
create index webhook_delivery_age on webhook_delivery (received_at);

create table webhook_refusal (
  psp text not null,
  reason text not null,
  hour bigint not null,
  count bigint not null,
  primary key (psp, reason, hour)
);
`;
