/**
 * Reconciliation: what our books expect to see at each PSP, what the PSPs' files said, and what
 * came to the bank. Lines are inserted once and hardly ever touched again; so are expectations that
 * are settled with the file by which we learn of them. Only those that are open are looked for by time.
 */
export const RECONCILIATION_SCHEMA = `
create table reconciliation_file (
  id text primary key,
  psp text not null,
  kind text not null check (kind in ('settlement', 'bank')),
  file_name text not null,
  sha256 text not null,
  byte_count bigint not null,
  line_count bigint not null,
  matched_count bigint not null,
  case_count bigint not null,
  imported_at bigint not null,
  constraint reconciliation_file_once unique (psp, kind, sha256)
);

create table settlement_batch (
  psp text not null,
  batch text not null,
  currency text not null,
  items_file_id text,
  balance_file_id text,
  line_count bigint not null,
  movement_minor bigint not null,
  fee_minor bigint not null,
  carried_minor bigint not null,
  wrong_minor bigint not null,
  transfer_minor bigint,
  left_minor bigint not null,
  left_if_right_minor bigint not null,
  settled_at bigint not null,
  bank_line_id bigint,
  imported_at bigint not null,
  primary key (psp, batch, currency)
);
create index settlement_batch_by_time on settlement_batch (psp, settled_at);

create table settlement_line (
  id bigint generated always as identity primary key,
  psp text not null,
  batch text not null,
  line int not null,
  file_id text not null,
  kind text not null,
  psp_reference text,
  part_reference text,
  reference text,
  gross_minor bigint not null,
  currency text not null,
  net_minor bigint not null,
  fee_minor bigint not null,
  settlement_currency text not null,
  occurred_at bigint,
  settled_at bigint not null,
  method text,
  state text not null check (state in ('matched', 'batch', 'residue', 'break')),
  expectation_id bigint,
  raw text
);
create index settlement_line_by_batch on settlement_line (psp, batch);
create index settlement_line_residue on settlement_line (file_id) where state = 'residue';
create index settlement_line_by_time on settlement_line using brin (settled_at) with (pages_per_range = 16);

create unlogged table settlement_staging (
  file_id text not null,
  n bigint not null,
  batch text not null,
  line int not null,
  kind text not null,
  psp_reference text,
  part_reference text,
  reference text,
  gross_minor bigint not null,
  currency text not null,
  net_minor bigint not null,
  fee_minor bigint not null,
  settlement_currency text not null,
  occurred_at bigint,
  raw text
);

create table expectation (
  id bigint primary key,
  psp text not null,
  kind text not null,
  subject_id text not null,
  part text not null,
  method text not null,
  reference text not null,
  psp_reference text,
  part_reference text,
  amount_minor bigint not null,
  currency text not null,
  occurred_at bigint not null,
  due_at bigint not null,
  late_at bigint not null,
  missing_at bigint not null,
  state text not null check (state in ('open', 'settled', 'missing', 'suggested')),
  batch text
);
create index expectation_by_reference on expectation (reference);
create index expectation_by_part on expectation (psp, part_reference) where part_reference is not null;
create index expectation_open on expectation (psp, missing_at) where state = 'open';

create table bank_line (
  id bigint generated always as identity primary key,
  psp text not null,
  file_id text not null,
  line int not null,
  amount_minor bigint not null,
  currency text not null,
  booked_at bigint not null,
  text text not null,
  batch text,
  told boolean not null default false
);
create index bank_line_open on bank_line (psp, booked_at) where batch is null;

create table reconciliation_watch (
  psp text primary key,
  derived_through bigint not null,
  fetched_through bigint not null,
  next_step_at bigint
);
`;
