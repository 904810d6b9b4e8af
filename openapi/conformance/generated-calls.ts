/**
 * Calls made from the document alone: such as fit it in every part, and such as break exactly one
 * constraint. What the answer must be is the document's word (`wire.ts`) and two rules of the house:
 * a valid call is never our fault (no 5xx), a broken one is refused with a 4xx.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { validatorOf, type Operation, type Parameter } from './api-document.ts';
import { applied, breakagesOf, type Breakage } from './broken-values.ts';
import { namedValuesOf, valuesOf, wholeValuesOf, type Hints } from './valid-values.ts';
import type { Call, Wire } from './wire.ts';

/** Valid values looked at for one that has the place of a constraint and can be broken there. */
const TRIES = 200;
const FEW = 30;

/** Text that a URL cannot carry as a segment of its path, or that a client resolves away. */
const NO_SEGMENT = new Set(['', '.', '..']);
/** Bytes of a header are visible ASCII, with blanks inside. */
const HEADER_TEXT = /^[!-~]([ -~]*[!-~])?$/;

export interface Generation {
  hints: Hints;
  seed: number;
  runs: number;
  /** As hints, and nothing else is sent: what would only take long. */
  only?: Hints;
  /** What every call of an operation must have besides. */
  also?: (operation: Operation) => Call;
}

export async function callValidly(wire: Wire, operation: Operation, generation: Generation): Promise<void> {
  await fc.assert(
    fc.asyncProperty(callsOf(operation, generation), async (call) => {
      const { status, body } = await wire.call(operation, call);
      assert.ok(status < 500, `${operation.id} answered ${status}: ${JSON.stringify(body)}`);
    }),
    { seed: generation.seed, numRuns: generation.runs },
  );
}

function callsOf(operation: Operation, { hints, only, also }: Generation, whole = false): fc.Arbitrary<Call> {
  const { parameters, body, bodyRequired } = operation;
  const inPart = (part: Parameter['in']): fc.Arbitrary<Record<string, unknown>> =>
    fc.record(
      Object.fromEntries(
        parameters.filter((one) => one.in === part).map((one) => [one.name, parameterOf(one, hints, only)]),
      ),
      {
        requiredKeys: parameters.filter((one) => one.in === part && (whole || one.required)).map(({ name }) => name),
        noNullPrototype: true,
      },
    );
  const json =
    body === undefined
      ? fc.constant({})
      : (whole
          ? wholeValuesOf(body, hints)
          : bodyRequired
            ? valuesOf(body, hints)
            : fc.option(valuesOf(body, hints), { nil: undefined })
        ).map((value) => (value === undefined ? {} : { body: value }));
  return fc.tuple(inPart('path'), inPart('query'), inPart('header'), json).map(([path, query, headers, sent]) => {
    const beside = also?.(operation) ?? {};
    return { ...beside, path, query, headers: { ...beside.headers, ...(headers as Record<string, string>) }, ...sent };
  });
}

function parameterOf({ name, in: part, schema }: Parameter, hints: Hints, only: Hints = {}): fc.Arbitrary<unknown> {
  const few = only[name];
  if (few !== undefined) return fc.constantFrom(...few);
  const values = namedValuesOf(name, schema, hints);
  if (part === 'path') return values.filter((value) => !NO_SEGMENT.has(String(value)) && !String(value).includes('\0'));
  if (part === 'header') return values.filter((value) => HEADER_TEXT.test(String(value)));
  return values;
}

/** A few calls that fit, the same for the same seed. */
export function sampleCalls(operation: Operation, generation: Generation): Call[] {
  return fc.sample(callsOf(operation, generation), { seed: generation.seed, numRuns: FEW });
}

export interface BrokenCall {
  name: string;
  call: Call;
}

/** One call per constraint of body and parameters, each breaking that one. */
export function brokenCalls(operation: Operation, generation: Generation): BrokenCall[] {
  const samples = fc.sample(callsOf(operation, generation, true), { seed: generation.seed, numRuns: TRIES });
  return [...brokenBodies(operation, samples), ...brokenParameters(operation, samples)];
}

function brokenBodies({ id, body: schema, bodyRequired }: Operation, samples: readonly Call[]): BrokenCall[] {
  if (schema === undefined) return [];
  const fits = validatorOf(schema);
  const first = samples[0] ?? {};
  const broken = breakagesOf(schema).flatMap((breakage): BrokenCall[] => {
    for (const sample of samples) {
      const result = applied(breakage, sample.body);
      if (result !== undefined && fits(result.value) !== true)
        return [{ name: breakage.name, call: { ...sample, body: result.value } }];
    }
    // Where another of several forms takes what one refuses, nothing is broken.
    assert.ok('oneOf' in schema || hasForms(schema, breakage), `${id}: no value breaks ${breakage.name}`);
    return [];
  });
  const { body: _, ...bare } = first;
  return [
    ...broken,
    ...(bodyRequired ? [{ name: 'no body', call: bare }] : []),
    { name: 'half a JSON document', call: { ...bare, raw: { text: '{"half":', type: 'application/json' } } },
  ];
}

/** Whether the place of the breakage lies where one of several schemas may fit. */
function hasForms(schema: Record<string, unknown>, { at }: Breakage): boolean {
  let here: Record<string, unknown> | undefined = schema;
  for (const step of at) {
    const properties = (here?.['properties'] ?? {}) as Record<string, Record<string, unknown>>;
    here = step === '0' ? (here?.['items'] as Record<string, unknown> | undefined) : properties[step];
    if (here === undefined || 'oneOf' in here || 'anyOf' in here) return true;
  }
  return false;
}

function brokenParameters({ parameters }: Operation, samples: readonly Call[]): BrokenCall[] {
  return parameters.flatMap((parameter) => {
    const { name, in: part, required, schema } = parameter;
    const slot = part === 'header' ? 'headers' : part;
    const sample = samples[0] ?? {};
    const others = Object.fromEntries(Object.entries(sample[slot] ?? {}).filter(([key]) => key !== name));
    const fits = validatorOf(schema);
    const broken = breakagesOf(schema)
      .map((breakage) => ({ breakage, text: textOfBroken(breakage, sample[slot]?.[name]) }))
      .filter(({ text }) => text !== undefined && !isStillFine(text, fits) && canBeSent(part, text))
      .map(({ breakage, text }) => ({
        name: `${part} parameter ${name}: ${breakage.name.replace('the body: ', '')}`,
        call: { ...sample, [slot]: { ...others, [name]: text } },
      }));
    if (!required || part === 'path') return broken;
    return [...broken, { name: `${part} parameter ${name} is missing`, call: { ...sample, [slot]: others } }];
  });
}

function textOfBroken(breakage: Breakage, value: unknown): string | undefined {
  const result = applied(breakage, value);
  return result === undefined || typeof result.value === 'object' ? undefined : String(result.value);
}

/** In a URL everything is text: what reads as a number is one. */
function isStillFine(text: string, fits: (value: unknown) => unknown): boolean {
  return fits(text) === true || (text !== '' && Number.isFinite(Number(text)) && fits(Number(text)) === true);
}

function canBeSent(part: Parameter['in'], text: string): boolean {
  if (part === 'path') return !NO_SEGMENT.has(text);
  return part !== 'header' || HEADER_TEXT.test(text);
}
