/** The options of `assay psp` as values, checked one by one; what they mean together is `start-simulator.ts`'s part. */
import { UserError } from '../../kernel/index.ts';
import { readFactor, readPort } from '../support/options.ts';

export interface PspSettings {
  /** As given to `--psp`. */
  choices: readonly string[];
  pspsFile: string | undefined;
  faultsFile: string | undefined;
  webhookUrl: string | undefined;
  webhookTargets: readonly string[];
  printEnv: boolean;
  /** Only say what the faults would hit. */
  dryRun: boolean;
  /** Payments at each PSP in a dry run; undefined: the simulator's own default. */
  dryRunPayments: number | undefined;
  controlPort: number;
  /** Undefined: no proxy. */
  proxyPort: number | undefined;
  caDir: string;
  https: boolean;
  anyPort: boolean;
  host: string;
  publicHost: string | undefined;
  token: string | undefined;
  speed: number;
  seed: string;
}

/** Throws a UserError for the first value that is none. */
export function readPspOptions(options: Record<string, unknown>): PspSettings {
  const text = (name: string): string | undefined => options[name] as string | undefined;
  const anyPort = options['anyPort'] === true;
  const https = options['https'] !== false;
  const proxy = text('proxyPort') ?? 'off';
  const port = (flag: string, value: string): number => (anyPort ? 0 : readPort(flag, value));
  const list = (name: string): readonly string[] => (options[name] as string[] | undefined) ?? [];
  return {
    choices: list('psp'),
    pspsFile: text('psps'),
    faultsFile: text('faults'),
    webhookUrl: text('webhookUrl'),
    webhookTargets: list('allowWebhooksTo'),
    printEnv: options['printEnv'] === true,
    dryRun: options['dryRun'] !== undefined,
    dryRunPayments: typeof options['dryRun'] === 'string' ? readCount('--dry-run', options['dryRun']) : undefined,
    controlPort: port('--control-port', text('controlPort') ?? ''),
    proxyPort: proxy === 'off' || !https ? undefined : port('--proxy-port', proxy),
    caDir: text('caDir') ?? '',
    https,
    anyPort,
    host: text('host') ?? '',
    publicHost: text('publicHost'),
    token: text('token'),
    speed: readFactor('--speed', text('speed') ?? ''),
    seed: text('seed') ?? '',
  };
}

/** More would take longer than anybody looks at. */
const MOST_SAMPLES = 100_000;

function readCount(what: string, value: string): number {
  const count = Number(value);
  if (/^\d+$/.test(value) && count >= 1 && count <= MOST_SAMPLES) return count;
  throw new UserError(`${what} "${value}" is no number of payments`, `Give a whole number from 1 to ${MOST_SAMPLES}.`);
}
