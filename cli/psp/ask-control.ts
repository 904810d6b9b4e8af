/** One request to the control API of a running simulator, and its answer as JSON. */
import { NetworkError, UserError, type Network } from '../../kernel/index.ts';

/** The control API answers from memory; triggered events are delivered later. */
const TIMEOUT_MS = 15_000;

export interface ControlAddress {
  control: string;
  token: string | undefined;
}

export interface ControlAnswer {
  status: number;
  body: unknown;
}

/** Throws a UserError when nobody answers there, or when the token is missing or wrong. */
export async function askControl(
  network: Network,
  { control, token }: ControlAddress,
  method: string,
  path: string,
  body?: unknown,
): Promise<ControlAnswer> {
  const url = `${control.replace(/\/$/, '')}${path}`;
  const headers: Record<string, string> = {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  try {
    const payload = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await network.request({ method, url, headers, timeoutMs: TIMEOUT_MS, ...payload });
    if (answer.status === 401)
      throw new UserError(
        `the control API at ${control} asks for a token`,
        'Give the one it was started with: --token <secret>.',
      );
    return { status: answer.status, body: json(answer.body.toString('utf8')) };
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    throw new UserError(
      `no simulator answers at ${control} (${error.kind})`,
      'Start one with `assay psp`, or say where its control API is with --control <url>.',
    );
  }
}

function json(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    throw new UserError(
      'what answers there is no control API of a simulator',
      'Check the address given with --control.',
    );
  }
}
