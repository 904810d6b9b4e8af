/**
 * Reads one planned fault as it comes from a scenario file or the control API, and says in one
 * sentence what is wrong with it. Takes no fault half: either all of it is understood, or none.
 */
import { nearestWord } from '../../kernel/index.ts';
import type { FaultKind } from './fault.ts';
import { readFilters } from './filters.ts';
import type { AmountFilter, Filters } from './filters.ts';
import { FAULT_KINDS } from './index.ts';
import { FaultInputError, Parameters } from './parameters.ts';

/** A fault as data. Times are milliseconds from the plan's origin. */
export interface FaultSpec {
  /** Default: `f1`, `f2`, … by place in the plan. */
  id?: string;
  fault: string;
  /** Name of the PSP; default all. */
  psp?: string;
  /** Exchange faults: only these operations. */
  operation?: string | string[];
  /** Webhook faults: only these events, by the PSP's word or by neutral state (`captured`). */
  event?: string | string[];
  /** Only these payment methods, in the PSP's word (`ideal`, `scheme`) or as `card`. */
  method?: string | string[];
  /** Only this amount, or from … to …: minor units, or major units as text. */
  amount?: AmountFilter;
  /** Only this customer, as far as the PSP is told; `*` stands for anything. */
  player?: string;
  /** Only this merchant reference; `*` stands for anything. */
  reference?: string;
  from?: number;
  to?: number;
  /** Probability from 0 to 1, drawn per reference, operation (or event) and attempt. */
  chance?: number;
  /** Strikes this often at most. */
  count?: number;
  /** Strikes only the n-th time that everything else fits. */
  nth?: number;
  with?: Record<string, unknown>;
}

export interface PlannedFault {
  readonly id: string;
  readonly spec: FaultSpec;
  readonly kind: FaultKind;
  readonly parameters: unknown;
  readonly operations: readonly string[];
  readonly events: readonly string[];
  readonly filters: Filters;
  readonly closesDoor: boolean;
  hits: number;
  /** Times that everything fitted, struck or not. */
  seen: number;
}

const FIELDS: readonly string[] = [
  'id',
  'fault',
  'psp',
  'operation',
  'event',
  'method',
  'amount',
  'player',
  'reference',
  'from',
  'to',
  'chance',
  'count',
  'nth',
  'with',
];

export function readFault(input: unknown, options: { defaultId: string; psps: readonly string[] }): PlannedFault {
  if (!isObject(input)) throw new FaultInputError(`a fault must be an object, not ${JSON.stringify(input)}`);
  const kind = typeof input['fault'] === 'string' ? FAULT_KINDS.get(input['fault']) : undefined;
  if (kind === undefined) throw new FaultInputError(unknownFault(input['fault']));
  const spec = input as unknown as FaultSpec;
  checkFields(spec, options.psps);
  const parameters = new Parameters(kind.name, spec.with ?? {});
  const parsed = kind.parse(parameters);
  parameters.finish();
  const planned: PlannedFault = {
    id: spec.id ?? options.defaultId,
    spec,
    kind,
    parameters: parsed,
    operations: listOf(spec.operation),
    events: listOf(spec.event),
    filters: readFilters(spec.fault, spec),
    closesDoor: kind.name === 'outage' && spec.with?.['as'] === 'refused',
    hits: 0,
    seen: 0,
  };
  checkFilters(planned);
  return planned;
}

/** The near word, or all of them when nothing is near. */
function unknownFault(name: unknown): string {
  const known = [...FAULT_KINDS.keys()];
  const near = typeof name === 'string' ? nearestWord(name, known) : undefined;
  const help = near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`;
  return `unknown fault ${JSON.stringify(name)}: ${help}`;
}

function checkFields(spec: FaultSpec, psps: readonly string[]): void {
  const say = (problem: string): never => {
    throw new FaultInputError(`fault ${spec.fault}: ${problem}`);
  };
  const unknown = Object.keys(spec).filter((name) => !FIELDS.includes(name));
  if (unknown.length > 0) say(`${unknown.join(', ')} is unknown: there are ${FIELDS.join(', ')}`);
  if (spec.id !== undefined && !/^[\w.:-]{1,64}$/.test(spec.id)) say(`id must be 1 to 64 letters, digits or . : _ -`);
  if (spec.psp !== undefined && !psps.includes(spec.psp))
    say(`no PSP is named ${JSON.stringify(spec.psp)}: there are ${psps.join(', ')}`);
  for (const name of ['from', 'to'] as const) {
    const value = spec[name];
    if (value !== undefined && !(Number.isFinite(value) && value >= 0)) say(`${name} must be milliseconds from 0 on`);
  }
  if (spec.to !== undefined && spec.to <= (spec.from ?? 0)) say('to must come after from');
  if (spec.chance !== undefined && !(spec.chance >= 0 && spec.chance <= 1)) say('chance must be from 0 to 1');
  for (const name of ['count', 'nth'] as const) {
    const value = spec[name];
    if (value !== undefined && !(Number.isInteger(value) && value >= 1))
      say(`${name} must be a whole number from 1 on`);
  }
  if (spec.with !== undefined && !isObject(spec.with)) say('with must be an object');
}

/** Filters that could never fit are mistakes, not quiet no-ops. */
function checkFilters(fault: PlannedFault): void {
  const { spec, kind } = fault;
  const say = (problem: string): never => {
    throw new FaultInputError(`fault ${kind.name}: ${problem}`);
  };
  const given = (...names: (keyof FaultSpec)[]): boolean => names.some((name) => spec[name] !== undefined);
  const onlyWindow = given('operation', 'event', 'method', 'amount', 'player', 'reference', 'chance', 'count', 'nth');
  if (fault.closesDoor && onlyWindow) say('refused connections strike everyone: only psp, from and to can be given');
  if (kind.point === 'condition' && kind.seenAt.includes('handshake') && onlyWindow)
    say('a TLS connection is nobody’s yet: only psp, from and to can be given');
  if (given('event') && !takesEvents(kind)) say(`it strikes ${STRIKES[kind.point]}: event cannot be given`);
  if (given('operation') && !takesOperations(kind)) say(`it strikes ${STRIKES[kind.point]}: operation cannot be given`);
}

const STRIKES: Readonly<Record<FaultKind['point'], string>> = {
  condition: 'whatever the PSP does',
  'before-commit': 'API calls (use operation)',
  'after-commit': 'API calls (use operation)',
  event: 'webhooks (use event)',
  delivery: 'webhooks (use event)',
  cardholder: 'what a payer does on a page',
  settlement: 'settlement batches',
};

function takesOperations(kind: FaultKind): boolean {
  if (kind.point === 'condition') return kind.seenAt.every((place) => place === 'exchange');
  return kind.point === 'before-commit' || kind.point === 'after-commit';
}

function takesEvents(kind: FaultKind): boolean {
  if (kind.point === 'condition') return kind.seenAt.every((place) => place === 'delivery');
  return kind.point === 'event' || kind.point === 'delivery';
}

function listOf(value: string | string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
