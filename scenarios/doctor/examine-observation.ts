/** The doctor looks at the target as its file says: balance, entries, ledger, cases after one deposit of 10.00. */
import type { Check } from './checks.ts';
import { PLAYER, reasonOf, type Patient } from './patient.ts';

type Note = (check: Check) => void;

const SHOWN_WITHIN_MS = 5_000;

export async function examineObservation(patient: Patient, deposit: string, note: Note): Promise<void> {
  const { client, target } = patient;
  const { balance, entries, ledger, cases } = target.observe ?? {};
  const look = async <T>(
    what: string,
    described: boolean,
    read: () => Promise<T>,
    judge: (found: T) => { works: boolean; says: string },
    advice: string,
  ): Promise<void> => {
    const line = `observe.${what}`;
    if (!described) return note({ line, works: null, says: 'not described' });
    let last: { works: boolean; says: string } = { works: false, says: '' };
    await patient.until(SHOWN_WITHIN_MS, async () => {
      last = await read().then(judge, (error: unknown) => ({ works: false, says: reasonOf(error) }));
      return last.works ? true : undefined;
    });
    note({ line, ...last, ...(last.works ? {} : { advice }) });
  };
  await look(
    'balance',
    balance !== undefined,
    () => client.wallets(PLAYER),
    (wallets) => {
      const available = wallets.find(({ currency }) => currency === patient.currency)?.available ?? 'nothing';
      return {
        works: available === '10.00',
        says: `the player has ${available} ${patient.currency} after a deposit of 10.00`,
      };
    },
    'Check `observe.balance.answer`, `amounts` (major or minor units), and that the webhook credited the deposit.',
  );
  await look(
    'entries',
    entries !== undefined,
    () => client.entries(PLAYER),
    (list) => {
      const own = list.filter((entry) => entry.payment_id === deposit);
      const credited = own.some(({ amount, kind }) => amount === '10.00' && kind === 'deposit_credit');
      const seen = own.map(({ amount, kind }) => `${kind} of ${amount}`).join(', ');
      return {
        works: credited,
        says: `of ${deposit} there is ${seen === '' ? `nothing among ${list.length} entries` : seen}`,
      };
    },
    'Check that `payment` leads to the id of the deposit, `amounts`, and `kinds` (a deposit is a `deposit_credit`).',
  );
  await look(
    'ledger',
    ledger !== undefined,
    () => client.ledger(),
    (accounts) => ({ works: accounts.length > 0, says: `${accounts.length} accounts` }),
    'Check `observe.ledger`.',
  );
  await look(
    'cases',
    cases !== undefined,
    () => client.cases(),
    (list) => ({ works: true, says: cases === 'none' ? 'the service has none' : `${list.length} cases` }),
    'Check `observe.cases`.',
  );
}
