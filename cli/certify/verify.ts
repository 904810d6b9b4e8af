/** `assay certify --verify`: recomputes a dossier from what lies beside it and says what differs. */
import { dirname, join, resolve } from 'node:path';
import { projectRoot } from '../../kernel/index.ts';
import { checkDossier, fileHash, readDossier } from '../../scenarios/index.ts';
import { EXIT } from '../support/exit-codes.ts';
import { judgeAgain } from '../support/judge-again.ts';
import type { Output } from '../support/output.ts';
import { readRecordedRun } from '../support/recorded-run.ts';

/** 0 when everything is as the dossier says, 1 when something differs. */
export function verifyDossier(file: string, output: Output): number {
  const dossier = readDossier(file);
  const check = checkDossier(dossier, {
    dir: dirname(resolve(file)),
    scenarioHash: (scenario) => fileHash(join(projectRoot(), scenario)),
    judge: (runDir) => {
      const { judged } = judgeAgain(readRecordedRun(runDir));
      return Object.fromEntries(judged.invariants.map(({ id, verdict }) => [id, verdict]));
    },
  });
  const exitCode = check.differences.length === 0 ? EXIT.pass : EXIT.violated;
  for (const difference of check.differences) output.say(`differs: ${difference}`);
  for (const note of check.notes) output.say(`since then: ${note}`);
  output.say(
    exitCode === EXIT.pass
      ? `The dossier of ${dossier.target.name} is as it was written: ${dossier.parts.length} parts, ${check.files} files, ${check.histories} histories judged again. It says: ${dossier.verdict}.`
      : `${check.differences.length} differences: this dossier proves nothing.`,
  );
  output.result({ ...check, verdict: dossier.verdict, sha256: dossier.sha256, exitCode });
  return exitCode;
}
