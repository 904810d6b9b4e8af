/**
 * Routes for whoever runs the service. Live: would a restart help? Ready: should requests come
 * here now? The two are kept apart: a database that is away makes no process worth killing.
 */
import { messageOf } from '../../kernel/index.ts';
import type { ServiceContext } from '../application/context.ts';
import { ServiceError } from '../domain/errors.ts';
import { json } from './answer.ts';
import { unavailable } from './problem.ts';
import type { Routes } from './routes.ts';

/** What the process knows of itself. */
export interface Health {
  /** Why requests should go elsewhere; null: they may come. */
  notReady(): string | null;
  /** Why only a restart would help; null: nothing is stuck. */
  stuck(): string | null;
}

/** A database that needs longer for a question about its schema serves no payment. */
const DATABASE_ANSWERS_MS = 2_000;

export function healthRoutes(context: ServiceContext, health: Health): Routes {
  return {
    isLive() {
      const reason = health.stuck();
      if (reason === null) return Promise.resolve(json(200, { status: 'ok' }));
      context.log({ level: 'error', msg: 'not live', reason });
      return Promise.reject(new ServiceError('unavailable', `The process is stuck: ${reason}.`));
    },
    async isReady() {
      const reason = health.notReady();
      if (reason !== null) throw new ServiceError('unavailable', `Not ready: ${reason}.`, { details: { reason } });
      try {
        await databaseAnswers(context);
      } catch (error) {
        context.log({ level: 'warn', msg: 'not ready', error: messageOf(error) });
        throw unavailable();
      }
      return json(200, { status: 'ok' });
    },
  };
}

function databaseAnswers({ clock, database }: ServiceContext): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new Error(`the database did not answer within ${DATABASE_ANSWERS_MS} ms`));
    const timer = clock.schedule(DATABASE_ANSWERS_MS, 'readiness', late);
    database
      .check()
      .then(resolve, reject)
      .finally(() => timer.cancel());
  });
}
