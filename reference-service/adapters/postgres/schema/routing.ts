/**
 * Routing: decisions beside their attempts, observations by minute, and operators' overrides.
 *
 * A decision is kept as the text that it was written as (`json`, not `jsonb`): it is read
 * rarely and never searched.
 */
export const ROUTING_SCHEMA = `
create table route_decision (
  subject_id text not null,
  seq int not null,
  attempt_id text,
  session_key text,
  psp text,
  decided_at bigint not null,
  decision json not null,
  primary key (subject_id, seq)
);
create index route_decision_session on route_decision (session_key, decided_at) where session_key is not null;

create table route_quality (
  minute bigint not null,
  psp text not null,
  operation text not null,
  segment text not null,
  calls bigint not null,
  technical bigint not null,
  slow bigint not null,
  approved bigint not null,
  declined bigint not null,
  declined_technically bigint not null,
  challenged bigint not null,
  challenge_failed bigint not null,
  latency bigint[] not null,
  primary key (minute, psp, operation, segment)
);

create table route_override (
  kind text not null check (kind in ('level', 'psp')),
  name text not null,
  value text not null,
  reason text not null,
  set_at bigint not null,
  primary key (kind, name)
);
`;
