/**
 * `PayPal-Mock-Response: {"mock_application_codes":"INSTRUMENT_DECLINED"}`: the sandbox's
 * negative testing. The call is refused with that code and nothing happens in the books.
 */
import type { Call } from '../dialect.ts';
import { invalidRequest, problem } from './errors.ts';

interface Mocked {
  status: number;
  name: string;
  code: Parameters<typeof problem>[0];
}

/** Codes that are an error name themselves, with the status that goes with it; every other code is a 422 issue. */
const NAMES: Readonly<Record<string, Mocked>> = {
  INVALID_REQUEST: { status: 400, name: 'INVALID_REQUEST', code: 'validation' },
  MISSING_REQUIRED_PARAMETER: { status: 400, name: 'INVALID_REQUEST', code: 'validation' },
  INVALID_PARAMETER_VALUE: { status: 400, name: 'INVALID_REQUEST', code: 'validation' },
  INVALID_PARAMETER_SYNTAX: { status: 400, name: 'INVALID_REQUEST', code: 'validation' },
  AUTHENTICATION_FAILURE: { status: 401, name: 'AUTHENTICATION_FAILURE', code: 'unauthorized' },
  NOT_AUTHORIZED: { status: 403, name: 'NOT_AUTHORIZED', code: 'validation' },
  PERMISSION_DENIED: { status: 403, name: 'NOT_AUTHORIZED', code: 'validation' },
  RESOURCE_NOT_FOUND: { status: 404, name: 'RESOURCE_NOT_FOUND', code: 'not-found' },
  INVALID_RESOURCE_ID: { status: 404, name: 'RESOURCE_NOT_FOUND', code: 'not-found' },
  RESOURCE_CONFLICT: { status: 409, name: 'RESOURCE_CONFLICT', code: 'invalid-state' },
  PREVIOUS_REQUEST_IN_PROGRESS: { status: 409, name: 'RESOURCE_CONFLICT', code: 'idempotency-in-flight' },
  RATE_LIMIT_REACHED: { status: 429, name: 'RATE_LIMIT_REACHED', code: 'rate-limited' },
  INTERNAL_SERVER_ERROR: { status: 500, name: 'INTERNAL_SERVER_ERROR', code: 'internal' },
  INTERNAL_SERVICE_ERROR: { status: 500, name: 'INTERNAL_SERVER_ERROR', code: 'internal' },
  SERVICE_UNAVAILABLE: { status: 503, name: 'SERVICE_UNAVAILABLE', code: 'unavailable' },
};

const BUSINESS_RULE: Mocked = { status: 422, name: 'UNPROCESSABLE_ENTITY', code: 'invalid-state' };

/** Throws what the header asks for; does nothing without it. */
export function refuseAsMocked({ request }: Call): void {
  const header = request.headers['paypal-mock-response'];
  if (header === undefined || header === '') return;
  const issue = codeIn(header);
  const { status, name, code } = (Object.hasOwn(NAMES, issue) ? NAMES[issue] : undefined) ?? BUSINESS_RULE;
  const description = `Mocked by PayPal-Mock-Response: ${issue}`;
  throw problem(code, { status, name, message: description, details: [{ issue, description }] });
}

function codeIn(header: string): string {
  try {
    const value: unknown = JSON.parse(header);
    const codes: unknown = (value as Record<string, unknown> | null)?.['mock_application_codes'];
    const first: unknown = Array.isArray(codes) ? codes[0] : codes;
    if (typeof first === 'string' && /^[A-Z][A-Z0-9_]*$/.test(first)) return first;
  } catch {
    // Told below: a header that is no JSON is as wrong as one that names no code.
  }
  throw invalidRequest({
    field: 'PayPal-Mock-Response',
    value: header,
    location: 'header',
    issue: 'INVALID_PARAMETER_SYNTAX',
    description: 'The header must be JSON with the text mock_application_codes.',
  });
}
