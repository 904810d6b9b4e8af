/**
 * Kept methods in PostgreSQL.
 */
import type { StoredMethod, StoredMethodStore } from '../../ports/stored-methods.ts';
import { columnsOf } from './columns.ts';
import { sqlOf } from './unit.ts';

const METHOD = columnsOf<StoredMethod>('m', {
  id: ['id', 'text'],
  playerId: ['player_id', 'text'],
  psp: ['psp', 'text'],
  pspToken: ['psp_token', 'text'],
  method: ['method', 'text'],
  brand: ['brand', 'text'],
  last4: ['last4', 'text'],
  status: ['status', 'text'],
  createdAt: ['created_at', 'bigint'],
  removedAt: ['removed_at', 'bigint'],
});

type Row = Record<string, unknown>;

export const storedMethodStore: StoredMethodStore = {
  async keep(unit, method) {
    // The update of nothing makes the row of an earlier payment come back too.
    const [row] = await sqlOf(unit)<{ id: string }>(
      `insert into stored_method (${METHOD.names}) values (${METHOD.values})
       on conflict (player_id, psp, psp_token) do update set status = stored_method.status returning id`,
      METHOD.bindings(method),
    );
    if (row === undefined) throw new Error('Bug: a kept method was neither new nor known');
    return row.id;
  },
  async find(unit, id) {
    const [row] = await sqlOf(unit)<Row>('select * from stored_method where id = :id', { id });
    return row === undefined ? null : METHOD.objectOf(row);
  },
  async list(unit, playerId) {
    const rows = await sqlOf(unit)<Row>(
      `select * from stored_method where player_id = :playerId and status = 'active' order by created_at desc, id`,
      { playerId },
    );
    return rows.map((row) => METHOD.objectOf(row));
  },
  async remove(unit, playerId, id, nowMs) {
    const [row] = await sqlOf(unit)<Row>(
      `update stored_method set status = 'removed', psp_token = null, removed_at = coalesce(removed_at, :nowMs)
       where id = :id and player_id = :playerId returning *`,
      { id, playerId, nowMs },
    );
    return row === undefined ? null : METHOD.objectOf(row);
  },
};
