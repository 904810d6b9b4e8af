/**
 * Checks a routing configuration that came from outside (a file, the environment). A wrong value
 * is one sentence that names the place and the next step; nothing is guessed or ignored.
 */
import { UserError } from '../../kernel/index.ts';
import { PAYMENT_METHODS } from '../domain/deposit.ts';
import { currencyExponent } from '../domain/money.ts';
import { LEVELS } from '../domain/routing/level.ts';
import type { RoutingConfig } from '../domain/routing/routing-config.ts';

type Fields = Record<string, unknown>;

const ACTIONS = ['only', 'exclude', 'prefer', 'split'] as const;

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  operation: ['authorize', 'payout'],
  method: PAYMENT_METHODS,
  risk: ['normal', 'elevated'],
  device: ['mobile', 'desktop', 'tablet'],
};

const FORMS: Readonly<Record<string, RegExp>> = {
  country: /^[A-Z]{2}$/,
  bin: /^[0-9]{1,8}$/,
  bank: /^.{1,64}$/,
};

/**
 * @param where the configuration came from, for messages
 * @param psps names of the configured PSPs
 * @throws UserError
 */
export function checkRouting(where: string, value: unknown, psps: readonly string[]): RoutingConfig {
  const config = fields(where, value);
  onlyKeys(where, config, [
    'strategy',
    'seed',
    'rules',
    'fees',
    'weights',
    'halfLifeMinutes',
    'exploration',
    'sessionMinutes',
    'breaker',
    'levels',
  ]);
  oneOf(`${where}.strategy`, config['strategy'], ['order', 'quality']);
  if (config['seed'] !== undefined && typeof config['seed'] !== 'string')
    throw wrong(`${where}.seed`, config['seed'], 'a text');
  for (const name of ['halfLifeMinutes', 'sessionMinutes']) numberIn(`${where}.${name}`, config[name], 0.1, 10_080);
  numberIn(`${where}.exploration`, config['exploration'], 0, 10);
  const names = new Set<string>();
  for (const [index, rule] of list(`${where}.rules`, config['rules']).entries()) {
    const name = checkRule(`${where}.rules[${index}]`, rule, psps);
    if (names.has(name))
      throw new UserError(`${where}.rules has two rules named ${name}.`, 'Give each a name of its own.');
    names.add(name);
  }
  for (const [index, fee] of list(`${where}.fees`, config['fees']).entries())
    checkFee(`${where}.fees[${index}]`, fee, psps);
  checkNumbers(`${where}.weights`, config['weights'], {
    conversion: [0, 100],
    cost: [0, 100],
    latency: [0, 100],
    challenge: [0, 100],
    technical: [0, 100],
  });
  checkNumbers(`${where}.breaker`, config['breaker'], {
    probeShare: [0, 1],
    successesToClose: [1, 100],
    slowCallMs: [1, 600_000],
  });
  checkLevels(`${where}.levels`, config['levels']);
  return config;
}

function checkRule(where: string, value: unknown, psps: readonly string[]): string {
  const rule = fields(where, value);
  onlyKeys(where, rule, ['name', 'when', 'by', ...ACTIONS]);
  const name = rule['name'];
  if (typeof name !== 'string' || !/^[a-z][a-z0-9-]{0,63}$/.test(name))
    throw wrong(`${where}.name`, name, 'lower-case letters, digits and hyphens, at most 64');
  const actions = ACTIONS.filter((action) => rule[action] !== undefined);
  const [action] = actions;
  if (action === undefined || actions.length > 1)
    throw new UserError(
      `${where} (${name}) has ${actions.length === 0 ? 'no action' : actions.join(' and ')}.`,
      `Give exactly one of ${ACTIONS.join(', ')}.`,
    );
  const target = rule[action];
  const named = action === 'split' ? Object.keys(fields(`${where}.split`, target)) : list(`${where}.${action}`, target);
  if (named.length === 0) throw new UserError(`${where}.${action} names no PSP.`, 'Name at least one.');
  for (const psp of named) knownPsp(`${where}.${action}`, psp, psps);
  if (action === 'split') {
    for (const [psp, weight] of Object.entries(target as Fields)) numberIn(`${where}.split.${psp}`, weight, 0, 1e6);
    if (!Object.values(target as Fields).some((weight) => Number(weight) > 0))
      throw new UserError(`${where}.split gives every PSP the share 0.`, 'Give at least one a share above 0.');
  }
  oneOf(`${where}.by`, rule['by'], ['player', 'payment']);
  if (rule['by'] !== undefined && action !== 'split')
    throw new UserError(`${where}.by is set, but ${name} is no split.`, 'Remove by.');
  if (rule['when'] !== undefined) checkConditions(`${where}.when`, rule['when']);
  return name;
}

function checkConditions(where: string, value: unknown): void {
  const when = fields(where, value);
  onlyKeys(where, when, ['operation', 'country', 'currency', 'method', 'amount', 'bin', 'bank', 'risk', 'device']);
  for (const [name, given] of Object.entries(when)) {
    if (name === 'amount') {
      checkNumbers(`${where}.amount`, given, { min: [0, 1e12], max: [0, 1e12] });
      continue;
    }
    const values: unknown[] = Array.isArray(given) ? given : [given];
    if (values.length === 0)
      throw new UserError(`${where}.${name} is empty.`, 'Remove it, or name at least one value.');
    for (const one of values) {
      const allowed = ALLOWED[name];
      if (allowed !== undefined) oneOf(`${where}.${name}`, one, allowed);
      else if (typeof one !== 'string' || FORMS[name]?.test(one) === false)
        throw wrong(
          `${where}.${name}`,
          one,
          `a text${FORMS[name] === undefined ? '' : ` of the form ${FORMS[name].source}`}`,
        );
      if (name === 'currency' && currencyExponent(String(one)) === null)
        throw wrong(`${where}.currency`, one, 'a currency of ISO 4217');
    }
  }
}

function checkFee(where: string, value: unknown, psps: readonly string[]): void {
  const fee = fields(where, value);
  onlyKeys(where, fee, ['psp', 'method', 'basisPoints', 'fixedMinor']);
  knownPsp(`${where}.psp`, fee['psp'], psps);
  oneOf(`${where}.method`, fee['method'], PAYMENT_METHODS);
  if (fee['basisPoints'] === undefined) throw wrong(`${where}.basisPoints`, undefined, 'a number from 0 to 10000');
  numberIn(`${where}.basisPoints`, fee['basisPoints'], 0, 10_000);
  for (const [currency, minor] of Object.entries(fields(`${where}.fixedMinor`, fee['fixedMinor'] ?? {})))
    numberIn(`${where}.fixedMinor.${currency}`, minor, 0, 1e9);
}

function checkLevels(where: string, value: unknown): void {
  if (value === undefined) return;
  const levels = fields(where, value);
  const { automaticUpTo, heavyMethods, fastMethods, ...numbers } = levels;
  oneOf(`${where}.automaticUpTo`, automaticUpTo, LEVELS);
  for (const [name, methods] of Object.entries({ heavyMethods, fastMethods }))
    for (const method of list(`${where}.${name}`, methods)) oneOf(`${where}.${name}`, method, PAYMENT_METHODS);
  checkNumbers(where, numbers, {
    slowP95Ms: [1, 600_000],
    degradedTechnicalShare: [0.01, 1],
    deferTechnicalShare: [0.01, 1],
  });
}

function checkNumbers(
  where: string,
  value: unknown,
  ranges: Readonly<Record<string, readonly [number, number]>>,
): void {
  if (value === undefined) return;
  const given = fields(where, value);
  onlyKeys(where, given, Object.keys(ranges));
  for (const [name, [min, max]] of Object.entries(ranges)) numberIn(`${where}.${name}`, given[name], min, max);
}

function fields(where: string, value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(where, value, 'an object');
  return value as Fields;
}

function list(where: string, value: unknown): unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw wrong(where, value, 'a list');
  return value;
}

function onlyKeys(where: string, value: Fields, allowed: readonly string[]): void {
  const unknown = Object.keys(value).find((key) => !allowed.includes(key));
  if (unknown !== undefined)
    throw new UserError(`${where}.${unknown} is not a setting of the router.`, `Use one of ${allowed.join(', ')}.`);
}

function oneOf(where: string, value: unknown, allowed: readonly string[]): void {
  if (value !== undefined && !allowed.includes(value as string))
    throw wrong(where, value, `one of ${allowed.join(', ')}`);
}

function numberIn(where: string, value: unknown, min: number, max: number): void {
  if (value === undefined) return;
  if (typeof value !== 'number' || !(value >= min && value <= max))
    throw wrong(where, value, `a number from ${min} to ${max}`);
}

function knownPsp(where: string, psp: unknown, psps: readonly string[]): void {
  if (typeof psp !== 'string' || !psps.includes(psp))
    throw wrong(where, psp, `the name of a configured PSP (${psps.join(', ')})`);
}

function wrong(where: string, value: unknown, wanted: string): UserError {
  const shown = value === undefined ? 'missing' : JSON.stringify(value);
  return new UserError(`${where} is ${shown}; it must be ${wanted}.`, 'Correct the routing configuration.');
}
