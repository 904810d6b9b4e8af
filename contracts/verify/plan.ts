/** Which checks a run makes: all that the dialect and the configuration allow, or those that were asked for. */
import { nearestWord, UserError } from '../../kernel/index.ts';
import { listPacts, readPact, type PactFile } from '../pact-files.ts';
import { createStandIns, type StandIns } from '../provider/stand-ins.ts';
import type { SchemeName } from '../vectors/read-vectors.ts';
import type { Check } from './check.ts';
import type { PartnerConfig } from './config.ts';
import { callChecks } from './stages/calls.ts';
import { preflightChecks } from './stages/preflight.ts';
import { semanticsChecks } from './stages/semantics.ts';
import { staticChecks } from './stages/static.ts';
import { vectorChecks } from './stages/vectors.ts';
import { webhookChecks } from './stages/webhooks.ts';
import type { World } from './world.ts';

/** Dialects in which an ordinary payment ends without a payer at a page. */
const NEEDS_A_PAYER = new Set(['open-banking']);

export interface Plan {
  config: PartnerConfig;
  /** Ids, or beginnings of ids with a `*` at the end; none: all. */
  only?: readonly string[];
  /** Default: the committed one. */
  pact?: PactFile | undefined;
  standIns?: StandIns;
}

/** @throws UserError when `only` or a deviation names a check that there is none of */
export function planChecks({ config, only = [], pact = pactOf(config), standIns }: Plan): Check<World>[] {
  const checks = checksOf(config, pact, standIns ?? createStandIns({}));
  const ids = checks.map(({ id }) => id);
  config.deviations.forEach(({ check }, index) => {
    if (!ids.includes(check)) throw noCheck(check, ids, `deviations[${index}].check: `);
  });
  const fits = (id: string, wish: string): boolean =>
    wish.endsWith('*') ? id.startsWith(wish.slice(0, -1)) : id === wish;
  const strange = only.find((wish) => !ids.some((id) => fits(id, wish)));
  if (strange !== undefined) throw noCheck(strange, ids);
  return only.length === 0 ? checks : checks.filter(({ id }) => only.some((wish) => fits(id, wish)));
}

function noCheck(name: string, ids: readonly string[], where = ''): UserError {
  const near = nearestWord(name, ids);
  const guess = near === undefined ? '' : `Did you mean ${near}? `;
  return new UserError(
    `${where}no check of this run is called "${name}"`,
    `${guess}--list shows the ids; for --only, a * at the end stands for the rest.`,
  );
}

function checksOf(config: PartnerConfig, pact: PactFile | undefined, standIns: StandIns): Check<World>[] {
  const { dialect, webhooks, openapi, signer } = config;
  const isLive = webhooks.source === 'receive';
  return [
    ...preflightChecks(),
    ...staticChecks(pact, openapi),
    ...callChecks(pact, standIns),
    ...(webhooks.source === 'none'
      ? []
      : webhookChecks(pact, { settlesAtOnce: !NEEDS_A_PAYER.has(dialect.name), isLive, standIns })),
    ...vectorChecks(dialect.name as SchemeName, signer),
    ...semanticsChecks(dialect.name),
  ];
}

export function pactPathOf({ dialect }: PartnerConfig): string | undefined {
  return listPacts().find((path) => path.endsWith(`-psp-${dialect.name}.json`));
}

export function pactOf(config: PartnerConfig): PactFile | undefined {
  const path = pactPathOf(config);
  return path === undefined ? undefined : readPact(path);
}
