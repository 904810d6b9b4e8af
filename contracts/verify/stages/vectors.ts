/**
 * The signature vectors of the partner's scheme: first this tool's own reading, which judges the
 * webhooks, then the partner's signer, where the configuration names a program for it.
 */
import { spawnSync } from 'node:child_process';
import { bytesOf, readVectors, type SchemeName, type VectorCase, type VectorFile } from '../../vectors/read-vectors.ts';
import { fail, pass, type Check, type Finding } from '../check.ts';
import { checkSignature } from '../signatures/check.ts';
import type { World } from '../world.ts';

const SIGNER_TIMEOUT_MS = 10_000;
const MOST_OUTPUT = 8 * 1024 * 1024;

export function vectorChecks(scheme: SchemeName, signer: readonly string[] | undefined): Check<World>[] {
  const file = readVectors(scheme);
  return file.cases.flatMap((one) => [
    vectorCheck(`vectors.${one.id}`, `${one.id}: a verifier says "${one.expect}"`, one, () => judge(file, one)),
    ...(signer === undefined || one.sign === undefined
      ? []
      : [
          vectorCheck(`vectors.signer-${one.id}`, `${one.id}: your signer makes this signature`, one, () =>
            signWith(signer, file, one),
          ),
        ]),
  ]);
}

function vectorCheck(id: string, title: string, { why }: VectorCase, run: () => Finding): Check<World> {
  return { id, stage: 'vectors', title, why, run: () => Promise.resolve(run()) };
}

function judge(file: VectorFile, one: VectorCase): Finding {
  const verdict = checkSignature(
    file.scheme,
    { body: bytesOf(one.body), headers: one.headers, ...(one.path === undefined ? {} : { path: one.path }) },
    {
      keys: { ...file.keys, ...one.keys },
      receivedAtMs: one.received_at * 1000,
      toleranceSeconds: file.tolerance_seconds ?? 0,
    },
  );
  return verdict === one.expect ? pass() : fail(one.expect, verdict);
}

/** Asks the partner's program on standard input, and has its headers (and body) judged as a delivery would be. */
function signWith([program = '', ...args]: readonly string[], file: VectorFile, one: VectorCase): Finding {
  const { key = 'current', at = one.received_at } = one.sign ?? {};
  const input = {
    scheme: file.scheme,
    id: one.id,
    key: file.signing_keys[key],
    signed_at: at,
    path: one.path ?? '/',
    body_base64: bytesOf(one.unsigned ?? one.body).toString('base64'),
    // What a signature covers beside body and time, and a signer would otherwise choose.
    ...(file.scheme === 'paypal' ? { webhook_id: file.keys['webhookId'] } : {}),
  };
  const ran = spawnSync(program, args, {
    input: JSON.stringify(input),
    encoding: 'utf8',
    timeout: SIGNER_TIMEOUT_MS,
    maxBuffer: MOST_OUTPUT,
  });
  if (ran.error !== undefined || ran.status !== 0)
    return fail('a program that ends with 0', `${ran.error?.message ?? ''} ${ran.stderr}`.trim());
  let made: { headers?: Record<string, string>; body_base64?: string };
  try {
    made = JSON.parse(ran.stdout) as typeof made;
  } catch {
    return fail('{"headers": {…}} on standard output', ran.stdout);
  }
  const body = made.body_base64 === undefined ? bytesOf(one.body) : Buffer.from(made.body_base64, 'base64');
  const verdict = checkSignature(
    file.scheme,
    { body, headers: made.headers ?? {}, ...(one.path === undefined ? {} : { path: one.path }) },
    { keys: { ...file.keys, ...one.keys }, receivedAtMs: at * 1000, toleranceSeconds: 1 },
  );
  return verdict === 'valid'
    ? pass()
    : fail(JSON.stringify(one.headers), `${verdict}: ${JSON.stringify(made.headers ?? {})}`);
}
