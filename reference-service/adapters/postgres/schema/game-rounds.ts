/**
 * Game rounds: one debit and one credit each, for ever.
 */
export const GAME_ROUNDS_SCHEMA = `
create table game_round (
  round_id text primary key,
  player_id text not null,
  currency text not null,
  status text not null check (status in ('open', 'settled', 'rolled_back')),
  debit_txn_id text not null constraint game_round_debit_once unique,
  debited_minor bigint not null check (debited_minor > 0),
  payment_id text not null,
  credit_txn_id text constraint game_round_credit_once unique,
  credited_minor bigint check (credited_minor >= 0),
  available_after_minor bigint,
  opened_at bigint not null,
  closed_at bigint,
  constraint game_round_closed_by_a_movement check ((status = 'open') = (credit_txn_id is null)),
  constraint game_round_gives_back_the_debit check (status <> 'rolled_back' or credited_minor = debited_minor),
  constraint game_round_two_movements check (credit_txn_id <> debit_txn_id)
);
`;
