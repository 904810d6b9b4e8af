/**
 * A pact is written with example ids and keys; a provider has its own. Stand-ins know which
 * real value an example stands for, and put it into a request on its way: into path, query,
 * headers and body alike.
 */
import type { Verifier } from '@pact-foundation/pact';

type RequestFilter = NonNullable<ConstructorParameters<typeof Verifier>[0]['requestFilter']>;

export interface StandIns {
  add(example: string, real: string): void;
  /** Every example in `text` replaced. */
  replace(text: string): string;
  /** For the verifier: what the provider gets is what the consumer would have sent to it. */
  readonly requestFilter: RequestFilter;
}

export function createStandIns(fixed: Readonly<Record<string, string>>): StandIns {
  const reals = new Map(Object.entries(fixed));
  const replace = (text: string): string => {
    // The longest first: no example may be replaced inside a longer one.
    const examples = [...reals.keys()].sort((a, b) => b.length - a.length);
    return examples.reduce((done, example) => done.replaceAll(example, reals.get(example) ?? example), text);
  };
  const requestFilter: RequestFilter = (request, _response, next) => {
    // The verifier's own calls (states, messages) pass through the filter too.
    if (!request.path.startsWith('/_')) {
      request.url = replace(request.url);
      for (const [name, value] of Object.entries(request.headers)) {
        if (typeof value === 'string') request.headers[name] = replace(value);
      }
      const body = bodyText(request.headers['content-type'] ?? '', request.body as unknown);
      request.body = body === '' ? undefined : Buffer.from(replace(body));
      // Left as it was, it would cut a longer body off.
      if (body !== '') request.headers['content-length'] = String((request.body as Buffer).length);
    }
    next();
  };
  return { add: (example, real) => void reals.set(example, real), replace, requestFilter };
}

/** The verifier has parsed the body; it would forward a form as JSON. */
function bodyText(contentType: string, body: unknown): string {
  if (Buffer.isBuffer(body)) return body.toString('utf8');
  if (typeof body !== 'object' || body === null) return '';
  if (!contentType.startsWith('application/x-www-form-urlencoded')) return JSON.stringify(body);
  return formPairs(body)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
}

/** `{a: {b: ['x']}}` → `a[b][0]=x`, as it was before it was parsed. */
function formPairs(value: object, prefix = ''): [string, string][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]): [string, string][] => {
    const name = prefix === '' ? key : `${prefix}[${key}]`;
    return typeof inner === 'object' && inner !== null ? formPairs(inner, name) : [[name, String(inner)]];
  });
}
