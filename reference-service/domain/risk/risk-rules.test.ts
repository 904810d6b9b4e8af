/**
 * The rules of risk, one by one and together.
 */
import assert from 'node:assert/strict';
import { unknownPlayer, type Player } from '../player.ts';
import { NO_THRESHOLD, type RiskRules } from '../policy.ts';
import { assessByRules } from './risk-rules.ts';
import type { RiskFacts, RiskSubject } from './risk.ts';

const NOW = Date.parse('2026-01-05T09:00:00Z');
const HOUR = 3_600_000;
const OFF: RiskRules = {
  attempts: NO_THRESHOLD,
  declines: NO_THRESHOLD,
  tokens: NO_THRESHOLD,
  countryMismatch: 'allow',
  binCountries: {},
  newPlayer: null,
};
const QUIET: RiskFacts = { player: null, attempts: 0, declines: 0, tokens: [] };
const SUBJECT: RiskSubject = {
  kind: 'deposit',
  id: 'pay_1',
  playerId: 'player-1',
  amountMinor: 5_000,
  currency: 'EUR',
  method: 'card',
  token: 'card_1',
  country: 'DE',
  bin: '411111',
  nowMs: NOW,
};
const player = (more: Partial<Player>): Player => ({ ...unknownPlayer('player-1', NOW), ...more });
const judge = (
  rules: Partial<RiskRules>,
  facts: Partial<RiskFacts> = {},
  subject: Partial<RiskSubject> = {},
): [string, readonly string[]] => {
  const { decision, reasons } = assessByRules({ ...SUBJECT, ...subject }, { ...QUIET, ...facts }, { ...OFF, ...rules });
  return [decision, reasons];
};

describe('the rules of risk', () => {
  it('allow what no rule speaks of', () => {
    assert.deepEqual(judge({}, { attempts: 1_000, declines: 1_000 }), ['allow', []]);
  });

  it('count this deposit among the attempts, and a known token once', () => {
    const attempts = { stepUp: 3, deny: 5 };
    assert.deepEqual(judge({ attempts }, { attempts: 1 }), ['allow', []]);
    assert.deepEqual(judge({ attempts }, { attempts: 2 }), ['step_up', ['velocity_attempts']]);
    assert.deepEqual(judge({ attempts }, { attempts: 4 }), ['deny', ['velocity_attempts']]);
    const tokens = { stepUp: null, deny: 3 };
    assert.deepEqual(judge({ tokens }, { tokens: ['card_1', 'card_2'] }), ['allow', []]);
    assert.deepEqual(judge({ tokens }, { tokens: ['card_2', 'card_3'] }), ['deny', ['velocity_tokens']]);
    assert.deepEqual(judge({ declines: { stepUp: 2, deny: null } }, { declines: 2 }), [
      'step_up',
      ['velocity_declines'],
    ]);
  });

  it('compare the session with the card, by its longest known prefix, and with the registration', () => {
    const rules = { countryMismatch: 'step_up', binCountries: { '4': 'US', '41111': 'DE' } } as const;
    assert.deepEqual(judge(rules), ['allow', []]);
    assert.deepEqual(judge(rules, {}, { bin: '422222' }), ['step_up', ['country_mismatch']]);
    assert.deepEqual(judge(rules, { player: player({ country: 'AT' }) }), ['step_up', ['country_mismatch']]);
    assert.deepEqual(judge(rules, {}, { bin: '422222', country: null }), ['allow', []]);
    assert.deepEqual(judge({ ...rules, countryMismatch: 'deny' }, {}, { bin: '422222' })[0], 'deny');
  });

  it('let the money of an excluded player out, and none in', () => {
    const excluded = { player: player({ excludedAt: NOW - 1, guarded: true }) };
    assert.deepEqual(judge({}, excluded), ['deny', ['self_excluded']]);
    assert.deepEqual(judge({}, excluded, { kind: 'payout' }), ['allow', []]);
  });

  it('look twice at large amounts of new players, and of those nobody told us about', () => {
    const newPlayer = { withinMs: 24 * HOUR, fromMinor: { EUR: 5_000 } };
    assert.deepEqual(judge({ newPlayer }), ['step_up', ['new_player_amount']]);
    assert.deepEqual(judge({ newPlayer }, {}, { amountMinor: 4_999 }), ['allow', []]);
    assert.deepEqual(judge({ newPlayer }, {}, { currency: 'SEK' }), ['allow', []]);
    assert.deepEqual(judge({ newPlayer }, { player: player({ registeredAt: NOW - 25 * HOUR }) }), ['allow', []]);
    assert.deepEqual(judge({ newPlayer }, { player: player({ registeredAt: NOW - HOUR }) })[0], 'step_up');
  });

  it('take the strictest word, name each reason once, and score up to 100', () => {
    const deny = { stepUp: 1, deny: 1 };
    const judged = assessByRules(
      SUBJECT,
      { ...QUIET, declines: 9 },
      { ...OFF, attempts: deny, declines: deny, tokens: deny },
    );
    assert.deepEqual(judged, {
      decision: 'deny',
      score: 100,
      reasons: ['velocity_attempts', 'velocity_declines', 'velocity_tokens'],
    });
  });
});
