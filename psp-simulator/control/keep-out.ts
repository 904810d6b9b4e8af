/**
 * Who may steer the simulator. With a token: whoever shows it. Without one (on loopback): whoever
 * is on this machine, but no web page that a browser on this machine happens to show.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { ControlProblem } from './problem.ts';

/** Health is open: a container's health check has no secrets. */
const OPEN_PATH = '/v1/health';

export function keepOut(token: string | null): RequestHandler {
  const expected = token === null ? null : digest(`Bearer ${token}`);
  return (request, response, next) => {
    if (request.path === OPEN_PATH) return next();
    if (expected !== null) {
      // Digests have one length, so that the comparison tells nothing about the token's.
      if (timingSafeEqual(digest(request.get('authorization') ?? ''), expected)) return next();
      response.setHeader('www-authenticate', 'Bearer');
      throw new ControlProblem(
        'unauthorized',
        'This control API asks for its token: send it as "Authorization: Bearer <token>"',
      );
    }
    const origin = request.get('origin');
    if (origin === undefined || hostOf(origin) === request.get('host')) return next();
    throw new ControlProblem(
      'forbidden',
      `The web page ${JSON.stringify(origin)} may not steer the simulator; start it with a token to allow such pages`,
    );
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
