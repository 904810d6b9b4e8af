/**
 * The partner's own endpoint for states: it is sent `{"action": "setup", "state", "params"}` and
 * answers with the ids of what it made (`psp_reference`, `redirect_result`), or with 404 when it
 * cannot; afterwards it is sent the same with `"action": "teardown"`.
 */
import type { Network } from '../../kernel/index.ts';
import type { StandIns } from '../provider/stand-ins.ts';
import { send } from './exchange.ts';
import type { AskForState } from './states.ts';

const NOT_FOUND = 404;

export function askPartner(network: Network, url: string | undefined, standIns: StandIns): AskForState {
  return async ({ name, params = {} }) => {
    if (url === undefined) return null;
    const tell = (action: 'setup' | 'teardown'): ReturnType<typeof send> =>
      send(network, url, {
        method: 'POST',
        path: '',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ action, state: name, params }),
      });
    const { status, json, text } = await tell('setup');
    if (status === NOT_FOUND) return null;
    if (status >= 300) throw new Error(`states.url answered ${status} to "${name}": ${text}`);
    const made = (json ?? {}) as Record<string, unknown>;
    for (const field of ['psp_reference', 'redirect_result']) {
      const example = params[field];
      if (typeof example === 'string' && typeof made[field] === 'string') standIns.add(example, made[field]);
    }
    return async () => void (await tell('teardown'));
  };
}
