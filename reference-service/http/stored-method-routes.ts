/**
 * Routes of kept methods.
 */
import { isoTime } from '../../kernel/index.ts';
import type * as Api from '../../openapi/generated/payments.ts';
import type { ServiceContext } from '../application/context.ts';
import { ServiceError } from '../domain/errors.ts';
import type { StoredMethod } from '../ports/stored-methods.ts';
import { json } from './answer.ts';
import type { Routes } from './routes.ts';

function storedMethodView(method: StoredMethod): Api.StoredMethod {
  return {
    stored_method_id: method.id,
    method: method.method,
    psp: method.psp,
    brand: method.brand,
    last4: method.last4,
    status: method.status,
    created_at: isoTime(method.createdAt),
  };
}

export function storedMethodRoutes({ stores, database, clock }: ServiceContext): Routes {
  return {
    async listStoredMethods({ parameters }) {
      const playerId = String(parameters['player_id']);
      const methods = await stores.methods.list(database.autocommit, playerId);
      return json(200, { player_id: playerId, methods: methods.map(storedMethodView) });
    },

    async removeStoredMethod({ parameters }) {
      const { player_id: playerId, stored_method_id: id } = parameters as Record<string, string>;
      const removed = await stores.methods.remove(database.autocommit, playerId ?? '', id ?? '', clock.now());
      if (removed === null) throw new ServiceError('not_found', 'The player has no such kept method.');
      return json(200, storedMethodView(removed));
    },
  };
}
