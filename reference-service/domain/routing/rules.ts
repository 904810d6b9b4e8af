/**
 * Rules: what an operator has decided about where payments go. Made ready once per
 * configuration, so that a decision only compares.
 */
import { currencyExponent } from '../money.ts';
import type { RouteRequest } from './request.ts';
import { listOf, type RuleConfig } from './routing-config.ts';

export interface Rule {
  readonly name: string;
  readonly kind: 'only' | 'exclude' | 'prefer' | 'split';
  /** `only` and `exclude`: membership. `prefer`: in this order. */
  readonly psps: readonly string[];
  /** `split`: weights in the order of `psps`. */
  readonly weights: readonly number[];
  readonly by: 'player' | 'payment';
  matches(request: RouteRequest): boolean;
}

type Test = (request: RouteRequest) => boolean;

export function ruleOf(config: RuleConfig): Rule {
  const tests = testsOf(config);
  return {
    name: config.name,
    by: config.by ?? 'player',
    ...actionOf(config),
    matches: (request) => {
      for (const test of tests) if (!test(request)) return false;
      return true;
    },
  };
}

function actionOf(config: RuleConfig): Pick<Rule, 'kind' | 'psps' | 'weights'> {
  if (config.split !== undefined)
    return { kind: 'split', psps: Object.keys(config.split), weights: Object.values(config.split) };
  if (config.only !== undefined) return { kind: 'only', psps: config.only, weights: [] };
  if (config.exclude !== undefined) return { kind: 'exclude', psps: config.exclude, weights: [] };
  return { kind: 'prefer', psps: config.prefer ?? [], weights: [] };
}

function testsOf({ when = {} }: RuleConfig): Test[] {
  const tests: Test[] = [];
  const member = <T>(values: readonly T[] | null, read: (request: RouteRequest) => T | null): void => {
    if (values === null) return;
    const allowed = new Set(values);
    tests.push((request) => {
      const value = read(request);
      return value !== null && allowed.has(value);
    });
  };
  member(listOf(when.operation), ({ operation }) => operation);
  member(listOf(when.method), ({ method }) => method);
  member(listOf(when.currency), ({ currency }) => currency);
  member(listOf(when.country), ({ country }) => country);
  member(listOf(when.device), ({ device }) => device);
  member(listOf(when.risk), ({ risk }) => risk);
  member(listOf(when.bank), ({ bank }) => bank);
  const prefixes = listOf(when.bin);
  if (prefixes !== null)
    tests.push(({ bin }) => bin !== null && prefixes.some((prefix) => bin.startsWith(String(prefix))));
  const { amount } = when;
  if (amount !== undefined) {
    const { min = 0, max = Infinity } = amount;
    tests.push(({ amountMinor, currency }) => {
      const unit = 10 ** (currencyExponent(currency) ?? 0);
      // Rounded: 0.29 times 100 is not 29.
      return amountMinor >= Math.round(min * unit) && amountMinor <= (max === Infinity ? max : Math.round(max * unit));
    });
  }
  return tests;
}
