/** Writes an operation of the load generator into the history in the words of a run, so that the same invariants judge it. */
import type { Stage } from '../scenarios/index.ts';
import type { OperationLine } from './lib/k6/operation-line.ts';

/** `currency` of somebody else's service; the journeys of the payments API are in euros. */
export function recordOperation(stage: Stage, line: OperationLine, currency = 'EUR'): void {
  const { kind, op, player, minor } = line;
  const proc = `player:${player}`;
  if (kind === 'payout') {
    const fund = { op, txn_id: `fund-${line.key}`, player_id: player, amount_minor: minor, currency };
    const cause = stage.record({ proc, type: 'invoke', f: 'fund', key: op, value: fund });
    const value = { op, http_status: 200, txn_id: fund.txn_id, amount_minor: minor };
    stage.record({ proc, type: 'ok', f: 'fund', key: op, value, cause });
  }
  const asked = {
    ...{ op, idempotency_key: line.key, player_id: player, amount_minor: minor, currency, psp: line.psp },
    ...(line.method === 'card' ? {} : { method: line.method }),
    ...(kind === 'deposit' ? { card: line.token } : { destination: 'ok' }),
    ...{ try: 1, body_variant: 0 },
  };
  const cause = stage.record({ proc, type: 'invoke', f: kind, key: op, value: asked });
  const id = line.id === '' ? {} : { [`${kind === 'deposit' ? 'payment' : 'payout'}_id`]: line.id };
  const common = { op, http_status: line.http, ...id, replayed: false };
  const end = (type: 'ok' | 'fail' | 'info', value: object): void =>
    void stage.record({ proc, type, f: kind, key: op, value: { ...value }, cause });
  if (line.http >= 200 && line.http < 300) {
    const redirect = line.redirect === '' ? {} : { redirect_url: line.redirect };
    end('ok', { ...common, txn_id: line.txn, status: line.status, ...redirect });
  } else if (line.http >= 400 && line.http < 500) end('fail', { ...common, error: line.error || `http_${line.http}` });
  else end('info', { op, reason: line.error || 'no answer', http_status: line.http });
  if (line.id === '') return;
  const references = [line.id, ...(line.references ?? [])];
  const noted = { id: line.id, player, amountMinor: minor, currency, psp: line.psp, references };
  stage.world.foreign?.client.remember(noted);
  stage.learn({ kind: kind === 'deposit' ? 'payment' : 'payout', id: line.id, op, status: line.status });
}
