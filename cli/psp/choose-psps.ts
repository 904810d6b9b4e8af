/**
 * Which PSPs `assay psp` runs: those of `--psps`, else those of `--psp`, else one per dialect.
 * Without a port of its own each takes the next one from 9101 on, so that a configuration
 * written down once stays right.
 */
import { UserError } from '../../kernel/index.ts';
import type { PspConfig } from '../../psp-simulator/index.ts';
import { loadPlanFile } from '../../scenarios/index.ts';
import { DIALECT_NAMES, readPspChoice } from '../support/psp-choice.ts';
import type { PspSettings } from './read-options.ts';

export const DEFAULT_PROXY_PORT = 9099;
export const DEFAULT_CONTROL_PORT = 9100;
const FIRST_PSP_PORT = 9101;

/** Throws a UserError when a file or a choice cannot be understood. */
export function choosePsps(settings: PspSettings): PspConfig[] {
  const { choices, pspsFile, webhookUrl, anyPort } = settings;
  if (choices.length > 0 && pspsFile !== undefined)
    throw new UserError('--psp and --psps both say which PSPs run', 'Use one of them.');
  const chosen =
    pspsFile === undefined
      ? choices.length > 0
        ? choices.map(readPspChoice)
        : DIALECT_NAMES.map(ownDefault)
      : pspsOf(pspsFile);
  return withPorts(chosen, anyPort).map((psp) =>
    psp.webhookUrl !== undefined || webhookUrl === undefined
      ? psp
      : { ...psp, webhookUrl: webhookUrl.replaceAll('{psp}', psp.name) },
  );
}

/** A dialect listens on the same port whether it runs alone or with all the others. */
function ownDefault(dialect: string): PspConfig {
  return { name: dialect, dialect, port: FIRST_PSP_PORT + DIALECT_NAMES.indexOf(dialect) };
}

function pspsOf(file: string): PspConfig[] {
  const { psps } = loadPlanFile(file, { dialects: DIALECT_NAMES });
  if (psps.length === 0) throw new UserError(`${file} names no PSP`, 'Give it a list `psps:` as in a scenario.');
  return psps;
}

function withPorts(psps: readonly PspConfig[], anyPort: boolean): PspConfig[] {
  if (anyPort) return psps.map((psp) => ({ ...psp, port: 0 }));
  const taken = new Set(psps.map(({ port }) => port));
  return psps.map((psp) => {
    if (psp.port !== undefined) return psp;
    let port = ownDefault(psp.dialect).port ?? FIRST_PSP_PORT;
    while (taken.has(port)) port += 1;
    taken.add(port);
    return { ...psp, port };
  });
}
