/** What can be said without a call: does the partner's own OpenAPI document describe what we call and read? */
import { titleOf, type PactCall, type PactFile } from '../../pact-files.ts';
import { fail, pass, type Check } from '../check.ts';
import { readOpenApi, undescribed } from '../openapi.ts';
import type { World } from '../world.ts';
import { idOf } from './calls.ts';

export function staticChecks(pact: PactFile | undefined, openapi: string | undefined): Check<World>[] {
  if (openapi === undefined) return [];
  const document = readOpenApi(openapi);
  return (pact?.interactions ?? [])
    .filter((interaction): interaction is PactCall => interaction.type === 'Synchronous/HTTP')
    .map((call) => ({
      id: idOf('static', call),
      stage: 'static',
      title: `documented: ${titleOf(call)}`,
      why: 'Who builds on the document must get what we need as well, and a change of it must be seen.',
      run: () => {
        const problems = undescribed(document, call);
        return Promise.resolve(
          problems.length === 0 ? pass() : fail('the call and every field that we read', problems.join('; ')),
        );
      },
    }));
}
