/**
 * Discrepancies that need a person.
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
  opened_at bigint not null,
  constraint discrepancy_once unique (kind, subject_id)
);
`;
