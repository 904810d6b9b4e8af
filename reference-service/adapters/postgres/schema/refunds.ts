/**
 * Money that goes back to where it came from.
 */
export const REFUNDS_SCHEMA = `
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
`;
