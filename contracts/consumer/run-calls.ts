/**
 * Pact's mock server around the calls of one test. It opens Pact's older builder in two places,
 * each for want of a way in:
 *
 * - only that builder takes a form body as text (the newer one adds a rule that guesses the
 *   content type, and guesses wrong), but it has no comments;
 * - the mock server notes what it received after it has answered, and Pact asks for the notes
 *   as soon as the test ends, so on a busy machine it would miss the last call.
 */
import { PactV3, SpecificationVersion } from '@pact-foundation/pact';
import type { Clock } from '../../kernel/index.ts';
import type { PactState } from '../index.ts';

type V3Call = Parameters<PactV3['withRequest']>[0];
type V3Answer = Parameters<PactV3['willRespondWith']>[0];
export type JsonMap = NonNullable<Parameters<PactV3['given']>[1]>;

export interface CallNeed {
  description: string;
  /** One sentence: what the service would do wrong without these fields. */
  why: string;
  given?: PactState[];
  request: V3Call;
  response: V3Answer;
}

interface Inside {
  interaction: { addTextComment(text: string): void };
  pact: { mockServerMatchedSuccessfully(port: number): boolean };
}

/** After this the mock server has noted everything that it ever will. */
const NOTES_DEADLINE_MS = 2_000;
const PAUSE_MS = 5;

export interface RunOptions {
  pact: Omit<ConstructorParameters<typeof PactV3>[0], 'spec'>;
  needs: readonly CallNeed[];
  clock: Clock;
  act: (url: string) => Promise<void>;
}

/** @throws Error when `act` fails, or calls anything but exactly these needs */
export async function runCalls({ pact, needs, clock, act }: RunOptions): Promise<void> {
  const builder = new PactV3({ ...pact, spec: SpecificationVersion.SPECIFICATION_VERSION_V4 });
  const inside = builder as unknown as Inside;
  for (const { description, why, given = [], request, response } of needs) {
    for (const { name, params } of given) builder.given(name, params as JsonMap | undefined);
    builder.uponReceiving(description);
    inside.interaction.addTextComment(why);
    builder.withRequest(request).willRespondWith(response);
  }
  await builder.executeTest(async ({ url, port }) => {
    await act(url);
    const giveUpAt = clock.elapsed() + NOTES_DEADLINE_MS;
    while (!inside.pact.mockServerMatchedSuccessfully(port) && clock.elapsed() < giveUpAt) await clock.sleep(PAUSE_MS);
  });
}
