/**
 * Kept methods of players: the token of the PSP that keeps each, and never a card number.
 */
export const STORED_METHODS_SCHEMA = `
create table stored_method (
  id text primary key,
  player_id text not null,
  psp text not null,
  psp_token text constraint stored_method_is_no_card_number check (psp_token !~ '^[0-9]{12,19}$'),
  method text not null,
  brand text,
  last4 text check (last4 ~ '^[0-9]{4}$'),
  status text not null check (status in ('active', 'removed')),
  created_at bigint not null,
  removed_at bigint,
  constraint stored_method_once unique (player_id, psp, psp_token),
  constraint stored_method_token_while_active check ((status = 'active') = (psp_token is not null))
);
`;
