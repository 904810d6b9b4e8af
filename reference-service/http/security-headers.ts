/**
 * The headers by which helmet protects an answer. They are the same for each, so helmet is asked
 * once, when the service starts, and not twelve times per request.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/** Answers are data for programs: nothing in them may be run, framed or guessed by a browser. */
const OPTIONS = {
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  referrerPolicy: { policy: 'no-referrer' },
} as const;

/** Name and value of each. */
export function securityHeaders(): readonly (readonly [name: string, value: string])[] {
  const headers = new Map<string, string>();
  const response = {
    setHeader: (name: string, value: string) => void headers.set(name, value),
    removeHeader: (name: string) => void headers.delete(name),
  };
  helmet(OPTIONS)({} as IncomingMessage, response as unknown as ServerResponse, (error?: unknown) => {
    if (error !== undefined) throw error as Error;
  });
  return [...headers];
}
