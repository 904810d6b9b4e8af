/**
 * PSPs that fell silent while something may be unproven there.
 */
export const RECOVERY_SCHEMA = `
create table psp_recovery (
  psp text primary key,
  since bigint not null,
  silent_at bigint not null,
  next_step_at bigint not null,
  -- Probes that it answered without all being known after them.
  answered_probes integer not null default 0
);
`;
