/** The options of `assay psp` as values, checked one by one; what they mean together is `start-simulator.ts`'s part. */
import { readFactor, readPort } from '../support/options.ts';

export interface PspSettings {
  /** As given to `--psp`. */
  choices: readonly string[];
  pspsFile: string | undefined;
  faultsFile: string | undefined;
  webhookUrl: string | undefined;
  webhookTargets: readonly string[];
  printEnv: boolean;
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
