/** States of a simulated PSP that no call makes: the control API plays cardholder, bank and bad weather. */
import { createHands } from '../provider/hands.ts';
import { createStateHandlers, type StateTools } from '../provider/states.ts';
import type { AskForState } from './states.ts';

export function askSimulator(
  tools: Omit<StateTools, 'hands' | 'problems'> & { psp: Parameters<typeof createHands>[1] & { name: string } },
  run: string,
): AskForState {
  const problems: string[] = [];
  // Only a dialect with a pact has states, and hands to make them.
  const handlers = (): ReturnType<typeof createStateHandlers> =>
    createStateHandlers({ ...tools, hands: createHands(tools.network, tools.psp, `asked-${run}-`), problems });
  let made: ReturnType<typeof handlers> | undefined;
  return async ({ name, params }) => {
    made ??= handlers();
    const handler = made[name];
    if (handler === undefined) return null;
    const [setup, teardown] = typeof handler === 'function' ? [handler, undefined] : [handler.setup, handler.teardown];
    await setup(params);
    const problem = problems.pop();
    if (problem !== undefined) throw new Error(problem);
    return async () => void (await teardown?.(params));
  };
}
