/**
 * What happens beside deposits in a generated run: payouts, refunds from both sides, disputes,
 * games, players who protect themselves or remove a method, operators who switch PSPs. Each draws
 * one entry, or none where no PSP of the run can do it.
 */
import type { Random } from '../../../kernel/index.ts';
import { ABILITIES, type Dialect, type Method, type Traffic } from '../../dsl/index.ts';
import { drawClient, drawCurrency, pspsThat } from './deposits.ts';
import { durationOf, nearAnEdge, type Setting } from './setting.ts';
import { drawTiming } from './timing.ts';

export type TrafficDraw = (draw: Random, setting: Setting) => Traffic[];

/** After the first deposits, when there is something to give back. */
const AFTER_DEPOSITS_MS = [40_000, 6 * 60_000, 15 * 60_000];

const payouts: TrafficDraw = (draw, setting) => {
  const able = pspsThat(setting, (_, { payoutMethods }) => payoutMethods.length > 0);
  if (able.length === 0) return [];
  const lead = draw.pick(able, 'psp');
  const dialect = setting.dialects[setting.psps.indexOf(lead)] as Dialect;
  const method: Method = draw.pick(ABILITIES[dialect].payoutMethods, 'method');
  const same = pspsThat(setting, (_, { payoutMethods }) => payoutMethods.includes(method));
  const asked = draw.chance(0.7, 'all of them') ? same : [lead];
  const count = draw.integer({ min: 1, max: 3 }, 'count');
  return [
    {
      payouts: count,
      ...drawTiming(draw, count, setting, [0, 30_000, Math.floor(setting.spanMs / 8)]),
      fund: '100',
      amount: draw.pick(['40', '60', '100'], 'amount'),
      currency: drawCurrency(draw, setting, asked),
      psp: asked,
      method,
      destination: draw.pick(['ok', 'ok', 'fail', 'returned'] as const, 'destination'),
      client: drawClient(draw, setting),
      players: draw.integer({ min: 1, max: 2 }, 'players'),
    },
  ];
};

const platformRefunds: TrafficDraw = (draw, setting) => {
  const count = draw.integer({ min: 1, max: 3 }, 'count');
  return [
    {
      refunds: count,
      ...drawTiming(draw, count, setting, AFTER_DEPOSITS_MS),
      by: 'platform',
      amount: draw.pick([['all'], ['part'], ['part', 'all'], ['too-much', 'part']] as const, 'amount').slice(),
      ...(draw.chance(0.3, 'several') ? { times: draw.pick([2, 3], 'times') } : {}),
      client: drawClient(draw, setting),
    },
  ];
};

const dashboardRefunds: TrafficDraw = (draw, setting) => {
  const count = draw.integer({ min: 1, max: 2 }, 'count');
  return [{ refunds: count, ...drawTiming(draw, count, setting, AFTER_DEPOSITS_MS) }];
};

const disputes: TrafficDraw = (draw, setting) => {
  if (pspsThat(setting, (_, able) => able.disputes).length === 0) return [];
  const count = draw.integer({ min: 1, max: 2 }, 'count');
  return [
    {
      disputes: count,
      ...drawTiming(draw, count, setting, AFTER_DEPOSITS_MS),
      of: draw.pick(['intact', 'intact', 'refunded'] as const, 'of'),
      ends: [...draw.pick([['won'], ['lost'], ['reversed'], ['won', 'lost']] as const, 'ends')],
      after: draw.chance(0.5, 'at an edge')
        ? durationOf(Math.max(1_000, nearAnEdge(draw, 'after', setting)))
        : draw.pick(['20s', '20m'], 'after'),
    },
  ];
};

const rounds: TrafficDraw = (draw, setting) => {
  const count = draw.integer({ min: 2, max: 4 }, 'count');
  return [
    {
      rounds: count,
      ...drawTiming(draw, count, setting, [0, 30_000, 2 * 60_000]),
      bet: { min: '1', max: '40' },
      win: { min: '1', max: '100' },
      currency: 'EUR',
      ...(draw.chance(0.6, 'fund') ? { fund: draw.pick(['10', '50'], 'fund') } : {}),
      ends: [...draw.pick([['win', 'lose'], ['rollback'], ['win', 'rollback', 'open'], ['lose']] as const, 'ends')],
      lasts: draw.pick(['0s', '1s', '30s'], 'lasts'),
      client: drawClient(draw, setting),
      players: draw.integer({ min: 1, max: 2 }, 'players'),
    },
  ];
};

/** Within the lowest limit, and of everybody who sets one: else every deposit of a run may be refused. */
const WITHIN_LIMITS = '20';

const limits: TrafficDraw = (draw, setting) => [
  {
    deposits: 1,
    from: '0s',
    amount: WITHIN_LIMITS,
    currency: 'EUR',
    psp: [...setting.psps],
    players: 1,
  },
  {
    limits: 2,
    ...drawTiming(draw, 2, setting, [0, 0, 30_000]),
    [draw.pick(['day', 'week', 'month'] as const, 'period')]: draw.pick(['60', '150', '300'], 'limit'),
    currency: 'EUR',
    players: draw.integer({ min: 1, max: 2 }, 'players'),
  },
];

const exclusions: TrafficDraw = (draw, setting) => [
  {
    exclusions: 1,
    at: [durationOf(draw.pick([45_000, 90_000, Math.floor(setting.spanMs / 6)], 'at'))],
    ...(draw.chance(0.5, 'cool off') ? { kind: 'cool-off' as const, lasts: '24h' } : {}),
    players: 1,
  },
];

const switches: TrafficDraw = (draw, setting) => {
  const psp = draw.pick(setting.psps, 'psp');
  const offMs = draw.pick([3_000, 30_000, 6 * 60_000], 'off');
  return [
    { switches: 1, at: [durationOf(offMs)], psp, in_service: false },
    { switches: 1, at: [durationOf(offMs + draw.pick([5_000, 4 * 60_000], 'on'))], psp, in_service: true },
  ];
};

/** Each kind of traffic with how often a run has it. */
export const OTHER_TRAFFIC: readonly { name: string; chance: number; draw: TrafficDraw }[] = [
  { name: 'payouts', chance: 0.35, draw: payouts },
  { name: 'platform refunds', chance: 0.2, draw: platformRefunds },
  { name: 'dashboard refunds', chance: 0.15, draw: dashboardRefunds },
  { name: 'disputes', chance: 0.15, draw: disputes },
  { name: 'rounds', chance: 0.12, draw: rounds },
  { name: 'limits', chance: 0.12, draw: limits },
  { name: 'exclusions', chance: 0.05, draw: exclusions },
  { name: 'switches', chance: 0.1, draw: switches },
];
