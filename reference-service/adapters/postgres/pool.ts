/**
 * Connections of knex's pool, for the metrics of the process.
 */
import type { Knex } from 'knex';

interface Pool {
  numUsed(): number;
  numFree(): number;
  numPendingAcquires(): number;
}

/** How many connections are in use and idle, and how many statements wait for one. */
export function poolOf(knex: Knex): Readonly<Record<string, number>> {
  const { pool } = knex.client as { pool?: Pool };
  if (pool === undefined) return {};
  return { used: pool.numUsed(), idle: pool.numFree(), wanted: pool.numPendingAcquires() };
}
