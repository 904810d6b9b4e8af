/**
 * What a PSP's listener does with a request: the 3DS page for the cardholder, the exchange
 * pipeline for everything else. Never rejects: a defect breaks the connection and is noted.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../../kernel/index.ts';
import type { RequestListener } from '../../kernel/index.ts';
import { isChallengePath, serveChallenge } from '../threeds/serve-challenge.ts';
import { handleExchange } from './handle-exchange.ts';
import type { Psp } from './psp.ts';

export function pspListener(psp: Psp): RequestListener {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      if (isChallengePath(request.url ?? '')) await serveChallenge(psp, request, response);
      else await handleExchange(psp, request, response);
    } catch (error) {
      const value = { psp: psp.name, message: messageOf(error) };
      psp.ports.history.append({ proc: `psp:${psp.name}`, type: 'note', f: 'simulator-defect', value });
      request.socket.destroy();
    }
  };
  // The promise is handed over on purpose: in virtual time the clock waits for what follows the answer, too.
  return serve as RequestListener;
}
