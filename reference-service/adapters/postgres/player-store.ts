/**
 * Players in PostgreSQL. Created and then locked, never the other way round: a row that does
 * not exist cannot be locked.
 */
import { unknownPlayer, type Player } from '../../domain/player.ts';
import type { PlayerStore } from '../../ports/players.ts';
import type { Unit } from '../../ports/unit.ts';
import { columnsOf } from './columns.ts';
import { sqlOf } from './unit.ts';

const PLAYER = columnsOf<Player>('y', {
  id: ['id', 'text'],
  country: ['country', 'text'],
  registeredAt: ['registered_at', 'bigint'],
  kycLevel: ['kyc_level', 'int'],
  kycRequestedAt: ['kyc_requested_at', 'bigint'],
  kycVerifiedAt: ['kyc_verified_at', 'bigint'],
  coolOffUntil: ['cool_off_until', 'bigint'],
  excludedAt: ['excluded_at', 'bigint'],
  excludedUntil: ['excluded_until', 'bigint'],
  guarded: ['guarded', 'boolean'],
  createdAt: ['created_at', 'bigint'],
  updatedAt: ['updated_at', 'bigint'],
});

const CHANGEABLE = [
  'country',
  'registeredAt',
  'kycLevel',
  'kycRequestedAt',
  'kycVerifiedAt',
  'coolOffUntil',
  'excludedAt',
  'excludedUntil',
  'guarded',
  'updatedAt',
] as const;

async function read(unit: Unit, playerId: string, suffix: '' | 'for update'): Promise<Player | null> {
  const rows = await sqlOf(unit)<Record<string, unknown>>(`select * from player where id = :playerId ${suffix}`, {
    playerId,
  });
  return rows[0] === undefined ? null : PLAYER.objectOf(rows[0]);
}

async function create(unit: Unit, player: Player): Promise<void> {
  await sqlOf(unit)(
    `insert into player (${PLAYER.names}) values (${PLAYER.values}) on conflict (id) do nothing`,
    PLAYER.bindings(player),
  );
}

export const playerStore: PlayerStore = {
  find: (unit, playerId) => read(unit, playerId, ''),
  lock: (unit, playerId) => read(unit, playerId, 'for update'),
  async lockOrCreate(unit, playerId, nowMs) {
    await create(unit, unknownPlayer(playerId, nowMs));
    const player = await read(unit, playerId, 'for update');
    if (player === null) throw new Error(`Bug: player ${playerId} vanished`);
    return player;
  },
  async save(unit, player) {
    await sqlOf(unit)(`update player set ${PLAYER.assignments(CHANGEABLE)} where id = :y_id`, PLAYER.bindings(player));
  },
  async noteKycRequest(unit, playerId, nowMs) {
    await create(unit, unknownPlayer(playerId, nowMs));
    await sqlOf(unit)(
      'update player set kyc_requested_at = :nowMs, updated_at = :nowMs where id = :playerId and (kyc_requested_at is null or kyc_verified_at >= kyc_requested_at)',
      { playerId, nowMs },
    );
  },
};
