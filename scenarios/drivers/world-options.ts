/** What a driver is told about the run for which it builds a world. */
import type { Knex } from 'knex';
import type { Simulator } from '../../psp-simulator/index.ts';
import type { ServiceParts, ServicePspConfig } from '../../reference-service/index.ts';
import type { Plan } from '../dsl/index.ts';
import type { Target } from '../targets/foreign/index.ts';

/** How a mutant differs from the reference service. */
export interface ServiceMutation {
  /** The swapped parts, made from the parts as the service ships them. */
  parts?: (shipped: ServiceParts) => Partial<ServiceParts>;
  /** Changes the migrated schema (drops a constraint). */
  alterSchema?: (knex: Knex) => Promise<void>;
}

export interface WorldOptions {
  plan: Plan;
  /** The history's file; without it the history stays in memory. */
  historyPath?: string;
  /** http only: where the target's standard error goes. */
  logPath?: string;
  /** virtual only. */
  mutateService?: ServiceMutation;
  /** http only: somebody else's service in the place of the reference service. */
  target?: Target;
  /** http only: a PostgreSQL server; the default is DATABASE_URL, then the embedded one. */
  databaseUrl?: string;
}

/** The API key that the target accepts in a run. */
export const RUN_API_KEY = 'run-api-key';

/** Where the PSP `name` sends its webhooks. */
export function webhookUrl(targetUrl: string, name: string): string {
  return `${targetUrl}/v1/payments/webhook/${name}`;
}

/**
 * The target's configuration of one simulated PSP. Of the profile it knows what an operator
 * reads in the PSP's documentation: how long keys live, and how far status queries lag.
 */
export function serviceConfigOf(psp: Plan['psps'][number], simulator: Simulator): ServicePspConfig {
  const running = simulator.psps.find((candidate) => candidate.name === psp.name);
  if (running === undefined) throw new Error(`the simulator does not run ${psp.name}`);
  const { keyLifeMs, visibilityLagMs } = psp.profile as { keyLifeMs?: number; visibilityLagMs?: number };
  return {
    name: psp.name,
    dialect: psp.dialect,
    baseUrl: running.url,
    credentials: { ...running.credentials },
    profile: {
      ...(keyLifeMs === undefined ? {} : { keyLifeMs }),
      ...(visibilityLagMs === undefined ? {} : { visibilityLagMs }),
    },
  };
}
