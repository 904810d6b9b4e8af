/**
 * Money that goes back: refunds and disputes. What the platform asks for fits beside what has
 * gone back already: the trigger locks the payment, so that two requests cannot both see room.
 */
export const REFUNDS_SCHEMA = `
create table refund (
  id text primary key,
  position bigint generated always as identity,
  origin text not null check (origin in ('late', 'platform', 'psp')),
  attempt_id text not null,
  payment_id text not null,
  psp text not null,
  psp_reference text,
  part_reference text,
  amount_minor bigint not null check (amount_minor > 0),
  booked_minor bigint not null check (booked_minor >= 0 and booked_minor <= amount_minor),
  explained_minor bigint not null check (explained_minor >= 0 and explained_minor <= amount_minor),
  currency text not null,
  reason text,
  idempotency_key text not null,
  status text not null check (status in ('unproven', 'refuted', 'wanted', 'received', 'done', 'rejected', 'returned')),
  failure_reason text,
  sent_at bigint,
  final_at bigint,
  tries int not null,
  created_at bigint not null,
  updated_at bigint not null,
  next_step_at bigint
);
create unique index refund_payment_once on refund (attempt_id, coalesce(psp_reference, '')) where origin = 'late';
create unique index refund_part_once on refund (psp, part_reference) where part_reference is not null;
create index refund_by_payment on refund (payment_id);
create index refund_due on refund (next_step_at, id) where next_step_at is not null;

create function refund_fits() returns trigger language plpgsql as $$
declare
  credited bigint;
  taken_back bigint;
  under_way bigint;
begin
  select coalesce(credited_minor, 0), refunded_minor + disputed_minor into credited, taken_back
    from payment where id = new.payment_id for update;
  select coalesce(sum(amount_minor), 0) into under_way
    from refund where payment_id = new.payment_id and origin = 'platform' and status in ('wanted', 'received');
  if credited is null or new.amount_minor + taken_back + under_way > credited then
    raise exception 'more than what is left of the payment' using errcode = 'check_violation', constraint = 'refund_fits';
  end if;
  return new;
end $$;
create trigger refund_fits before insert on refund
  for each row when (new.origin = 'platform') execute function refund_fits();

create table dispute (
  id text primary key,
  position bigint generated always as identity,
  payment_id text not null,
  attempt_id text not null,
  player_id text not null,
  psp text not null,
  psp_reference text not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  status text not null check (status in ('open', 'lost', 'won')),
  turn int not null check (turn >= 0),
  reason text,
  status_at bigint not null,
  loss_minor bigint not null check (loss_minor >= 0 and loss_minor <= amount_minor),
  created_at bigint not null,
  updated_at bigint not null,
  constraint dispute_once unique (psp, psp_reference)
);
create index dispute_by_payment on dispute (payment_id);
`;
