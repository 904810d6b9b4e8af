/**
 * Routes for whoever runs the service.
 */
import { messageOf } from '../../kernel/index.ts';
import type { ServiceContext } from '../application/context.ts';
import { json } from './answer.ts';
import { unavailable } from './problem.ts';
import type { Routes } from './routes.ts';

export function healthRoutes(context: ServiceContext): Routes {
  return {
    isLive: () => Promise.resolve(json(200, { status: 'ok' })),
    async isReady() {
      try {
        await context.database.check();
      } catch (error) {
        context.log({ level: 'warn', msg: 'not ready', error: messageOf(error) });
        throw unavailable();
      }
      return json(200, { status: 'ok' });
    },
  };
}
