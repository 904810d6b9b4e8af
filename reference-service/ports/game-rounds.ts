/**
 * Store of game rounds.
 */
import type { Unit } from './unit.ts';

export interface GameRound {
  roundId: string;
  playerId: string;
  currency: string;
  status: 'open' | 'settled' | 'rolled_back';
  debitTxnId: string;
  debitedMinor: number;
  /** The platform's payment_id of the debit; a rollback is posted under it too. */
  paymentId: string;
  /** Of the credit, or of the rollback. */
  creditTxnId: string | null;
  /** What went back to the wallet; zero for a round that won nothing. */
  creditedMinor: number | null;
  /** The wallet after the round was closed: a repetition answers the same. */
  availableAfterMinor: number | null;
  openedAt: number;
  closedAt: number | null;
}

export interface GameRoundStore {
  /** One debit per round, one round per debit: false when the round or the txn_id is known already. */
  open(unit: Unit, round: GameRound): Promise<boolean>;
  /**
   * One credit or rollback per round: false when the round is not open, not of this player and
   * currency, or the txn_id closed another round.
   */
  close(
    unit: Unit,
    round: Pick<GameRound, 'roundId' | 'playerId' | 'currency' | 'creditTxnId' | 'creditedMinor'> & {
      status: 'settled' | 'rolled_back';
      nowMs: number;
    },
  ): Promise<boolean>;
  noteAvailable(unit: Unit, roundId: string, availableMinor: number): Promise<void>;
  find(unit: Unit, roundId: string): Promise<GameRound | null>;
  /** The round that a movement opened or closed. */
  ofTxn(unit: Unit, txnId: string): Promise<GameRound | null>;
}
