/**
 * Discrepancies that need a person, and what has been done about each: events are only added.
 */
export const CASES_SCHEMA = `
create table discrepancy (
  id text primary key,
  position bigint generated always as identity,
  kind text not null,
  status text not null check (status in ('open', 'resolved')),
  subject_id text not null,
  psp text,
  summary text not null,
  open_minor bigint,
  currency text,
  expectation_id bigint,
  owner text,
  resolution text,
  opened_at bigint not null,
  resolved_at bigint,
  constraint discrepancy_once unique (kind, subject_id),
  constraint discrepancy_money_has_a_currency check ((open_minor is null) = (currency is null)),
  constraint discrepancy_resolved_somehow check ((status = 'resolved') = (resolution is not null))
);
create index discrepancy_open on discrepancy (position) where status = 'open';

create table case_event (
  id bigint generated always as identity primary key,
  case_id text not null references discrepancy (id),
  type text not null check (type in ('opened', 'assigned', 'noted', 'resolved')),
  actor text,
  note text,
  data jsonb,
  at bigint not null
);
create index case_event_by_case on case_event (case_id, id);

create function case_event_is_final() returns trigger language plpgsql as $$
begin
  raise exception 'the history of a case is never changed';
end $$;
create trigger case_event_is_final before update or delete on case_event
  for each row execute function case_event_is_final();
`;
