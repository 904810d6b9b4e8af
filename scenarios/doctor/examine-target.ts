/**
 * The doctor: tries every line of a target file against the started target and simulated PSPs,
 * one after the other, and says what works, what does not and what to do about it.
 */
import { UserError } from '../../kernel/index.ts';
import { blindSpots, type Target } from '../targets/foreign/index.ts';
import { inOrder, type Check, type Examination } from './checks.ts';
import { examineDeposit, examineOtherCards } from './examine-deposit.ts';
import { examineMoneyBack } from './examine-money-back.ts';
import { examineObservation } from './examine-observation.ts';
import { layDown, type Patient } from './patient.ts';

export interface ExamineOptions {
  target: Target;
  databaseUrl?: string;
  /** What the target prints goes there. */
  logPath?: string;
  onCheck?: (check: Check) => void;
}

/** Rejects only when the harness itself fails. */
export async function examineTarget(options: ExamineOptions): Promise<Examination> {
  const { target, onCheck = () => undefined, ...rest } = options;
  const checks: Check[] = [];
  const note = (check: Check): void => {
    checks.push(check);
    onCheck(check);
  };
  let patient: Patient | undefined;
  try {
    patient = await layDown(target, rest);
    note({
      line: target.start === undefined ? 'url' : 'start',
      works: true,
      says: `it answers at ${patient.world.target.url}`,
    });
    const deposit = await examineDeposit(patient, note);
    if (deposit !== undefined) {
      await examineObservation(patient, deposit, note);
      await examineOtherCards(patient, note);
      await examineMoneyBack(patient, deposit, note);
    }
  } catch (error) {
    if (!(error instanceof UserError) || patient !== undefined) throw error;
    note({
      line: target.start === undefined ? 'url' : 'start',
      works: false,
      says: error.message,
      advice: error.advice,
    });
  } finally {
    await patient?.world.close();
  }
  const missing = blindSpots(target);
  return {
    target: target.name,
    checks,
    missing,
    unknown: inOrder(missing.flatMap((spot) => spot.unknown)),
    healthy: checks.every(({ works }) => works !== false),
  };
}
