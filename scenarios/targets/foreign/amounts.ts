/** Amounts of a foreign service into the decimal text of probes; what cannot be read is said, never guessed. */
import { majorText, minorUnits } from '../../dsl/amount.ts';
import { NotAsDescribed } from './errors.ts';
import type { TargetFile } from './target-file.ts';

/** @throws NotAsDescribed for what is no amount in the way that the file names. */
export function amountText(given: string | undefined, currency: string, how: TargetFile['amounts'] = 'major'): string {
  if (given === undefined) throw new NotAsDescribed('an amount is missing in the answer');
  if (how === 'minor') {
    const minor = Number(given);
    if (!Number.isSafeInteger(minor)) throw new NotAsDescribed(`${given} is no whole number of minor units`);
    return majorText(minor, currency);
  }
  try {
    return majorText(minorUnits(given, currency), currency);
  } catch {
    throw new NotAsDescribed(`${given} is no amount of ${currency} in major units`);
  }
}
