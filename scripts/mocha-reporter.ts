/**
 * mocha's `spec` reporter that also writes the counts as JSON, with each failure and the reason of every skip.
 * A test that skips itself says why with `this.test.skipReason = '…'` before `this.skip()`;
 * a skip without a reason is listed as such, so that it cannot stay silent.
 */
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

export interface MochaCounts {
  passed: number;
  failed: number;
  failures: { what: string; message: string }[];
  skipped: { what: string; reason: string }[];
}

class SpecAndCounts extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const path = (options.reporterOptions as { counts?: string } | undefined)?.counts;
    if (path === undefined) throw new Error('the reporter needs --reporter-option counts=<file>');
    const failures: MochaCounts['failures'] = [];
    const skipped: MochaCounts['skipped'] = [];
    runner.on('fail', (test, error: Error) =>
      failures.push({ what: test.fullTitle(), message: briefly(error.message) }),
    );
    runner.on('pending', (test) => skipped.push({ what: test.fullTitle(), reason: reasonOf(test) }));
    runner.on('end', () => {
      const counts: MochaCounts = { passed: this.stats.passes, failed: this.stats.failures, failures, skipped };
      writeFileSync(path, JSON.stringify(counts));
    });
  }
}

/** The first line that says something; the whole text stands where the test ran. */
function briefly(message: string): string {
  return message.split('\n').find((line) => line.trim() !== '') ?? '';
}

function reasonOf(test: Mocha.Test): string {
  const { skipReason } = test as { skipReason?: string };
  return skipReason ?? 'no reason given';
}

export default SpecAndCounts;
