/**
 * Plan files: the `psps:` and `faults:` of a scenario without the traffic, for a simulator that
 * somebody else's traffic reaches. The same words, the same schema, the same places in messages.
 * A whole scenario file is taken, too: its PSPs and faults are read, the rest is left alone.
 */
import { readFileSync } from 'node:fs';
import type { ValidateFunction } from 'ajv';
import { messageOf, UserError } from '../../kernel/index.ts';
import { checkAgainst, compileSchema, scenarioSchema } from './check-shape.ts';
import { durationMs } from './duration.ts';
import { unknownWord } from './invalid-scenario.ts';
import { toParameters } from './parameters.ts';
import { parseScenario } from './parse-scenario.ts';
import { readYaml } from './read-yaml.ts';
import type { FaultEntry, PspEntry } from './scenario.ts';

/** Largest plan file, as for scenarios. */
const MOST_BYTES = 1_000_000;

/** A PSP as a simulator takes it. */
export interface PlanPsp {
  name: string;
  dialect: string;
  port?: number;
  webhookUrl?: string;
  profile: Record<string, unknown>;
}

/** A fault as the control API takes it: times in milliseconds from the start. */
export interface PlanFault {
  spec: Record<string, unknown> & { fault: string; psp?: string };
  /** `faults.yaml:3:5` */
  place: string;
}

export interface PlanFile {
  file: string;
  psps: PlanPsp[];
  faults: PlanFault[];
  /** Throws an InvalidScenarioError at the first fault for a PSP that is not in `names`. */
  checkPspNames(names: readonly string[]): void;
}

interface RawPlan {
  psps?: (PspEntry & { port?: number; webhook_url?: string })[];
  faults?: FaultEntry[];
}

export interface PlanFileOptions {
  /** What the simulator at hand speaks; default: what a scenario may name. */
  dialects?: readonly string[];
}

/** Reads a plan file. Throws a UserError when it cannot be read or is not valid. */
export function loadPlanFile(file: string, options: PlanFileOptions = {}): PlanFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(
      `${file}: the file cannot be read (${messageOf(error)})`,
      'Give a YAML file with `psps:` or `faults:`, written as in a scenario.',
    );
  }
  return parsePlanFile(text, file, options);
}

/** Checks YAML text; `file` is what messages call it. */
export function parsePlanFile(text: string, file: string, options: PlanFileOptions = {}): PlanFile {
  const { data, source } = readYaml(text, file, { what: 'a plan', mostBytes: MOST_BYTES, tooLong: 'Split it.' });
  if (isScenario(data)) parseScenario(text, file);
  else {
    const validate: ValidateFunction<RawPlan> = compileSchema(planSchema(options));
    checkAgainst(validate, data, source, 'the plan');
  }
  const { psps = [], faults = [] } = data as RawPlan;
  return {
    file,
    psps: psps.map(({ name, dialect, port, webhook_url: webhookUrl, profile }) => ({
      name,
      dialect,
      ...(port === undefined ? {} : { port }),
      ...(webhookUrl === undefined ? {} : { webhookUrl }),
      profile: toParameters(profile ?? {}),
    })),
    faults: faults.map((entry, index) => ({ spec: faultSpec(entry), place: source.placeOf(['faults', index]) })),
    checkPspNames: (names) => {
      faults.forEach(({ psp }, index) => {
        if (psp !== undefined && !names.includes(psp))
          unknownWord(source.placeOf(['faults', index, 'psp']), 'a PSP that runs here', psp, names);
      });
    },
  };
}

/** Only a scenario has traffic. */
function isScenario(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'traffic' in data;
}

function faultSpec({ from, to, with: parameters, ...rest }: FaultEntry): PlanFault['spec'] {
  return {
    ...rest,
    ...(from === undefined ? {} : { from: durationMs(from) }),
    ...(to === undefined ? {} : { to: durationMs(to) }),
    ...(parameters === undefined ? {} : { with: toParameters(parameters) }),
  };
}

/** The schema of scenarios, cut down to the two lists; here a PSP also says where it listens and where its events go. */
function planSchema({ dialects }: PlanFileOptions): Record<string, unknown> {
  const { $schema, $defs, properties } = scenarioSchema() as {
    $schema: string;
    $defs: Record<string, Record<string, unknown>>;
    properties: Record<string, unknown>;
  };
  const psp = $defs['psp'] as { properties: Record<string, unknown> };
  const speaking = dialects === undefined ? {} : { dialect: { type: 'string', enum: [...dialects] } };
  const listening = {
    port: { type: 'integer', minimum: 0, maximum: 65_535, description: 'a port; 0 takes any free one' },
    webhook_url: { type: 'string', pattern: '^https?://', description: 'an absolute http or https URL' },
  };
  return {
    $schema,
    $id: 'https://assay.invalid/plan-file.schema.json',
    description: 'a group of fields: psps, faults',
    type: 'object',
    additionalProperties: false,
    minProperties: 1,
    $defs: { ...$defs, psp: { ...psp, properties: { ...psp.properties, ...speaking, ...listening } } },
    properties: { psps: properties['psps'], faults: properties['faults'] },
  };
}
