/** `npm run new-dialect <name>`: a dialect that passes the conformance suite, ready to be made into a PSP's. */
import { relative } from 'node:path';
import { projectRoot, UserError } from '../kernel/index.ts';
import { dialectFromTemplate } from './dialect-from-template.ts';

const [name, ...more] = process.argv.slice(2);
try {
  if (name === undefined || more.length > 0) {
    throw new UserError('npm run new-dialect wants one name', 'For example: npm run new-dialect my-bank');
  }
  const root = projectRoot();
  const { files } = await dialectFromTemplate(root, name);
  const written = files.map((file) => `  ${relative(root, file)}`).join('\n');
  process.stdout.write(`Wrote:
${written}

The dialect works as it is. Now make it your PSP's:
  1. See it pass:      npx mocha psp-simulator/test/conformance.test.ts -g 'conformance of ${name}'
  2. Try it:           npx tsx cli/assay.ts psp --psp ${name}
  3. Write the PSP's facts into README.md, then change file by file: routes and wire first,
     then errors, idempotency and signature, then magic values, webhooks and settlement.
  4. Change test/probe.ts with each step, from the PSP's documents and not from the dialect:
     it is the merchant's side, and must not share its mistakes.
  5. What the PSP does not have, the probe says in one sentence (\`notOffered\`).
`);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}. ${error.advice}\n`);
  process.exitCode = error.exitCode;
}
