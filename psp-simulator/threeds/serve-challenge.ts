/** Serves `/assay/3ds/{challenge}` on a PSP's own address: GET shows the page, POST acts and sends the browser back. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PspProblem } from '../core/problem.ts';
import type { CardholderAction } from '../core/records.ts';
import type { Psp } from '../engine/psp.ts';
import { readBody } from '../engine/read-request.ts';
import { challengePage, messagePage } from './challenge-page.ts';
import { playCardholder, returnUrl } from './play-cardholder.ts';

const PREFIX = '/assay/3ds/';
const ACTIONS: readonly CardholderAction[] = ['approve', 'fail', 'abandon'];

export function isChallengePath(url: string): boolean {
  return url.startsWith(PREFIX);
}

export async function serveChallenge(psp: Psp, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const challengeId = (request.url ?? '').slice(PREFIX.length).split('?')[0] ?? '';
  try {
    const body = (await readBody(request)).toString('utf8');
    if (request.method === 'GET') show(psp, challengeId, response);
    else if (request.method === 'POST') act(psp, challengeId, new URLSearchParams(body).get('action'), response);
    else html(response, 405, messagePage('Not possible here', 'This page takes GET and POST.'));
  } catch (error) {
    if (!(error instanceof PspProblem)) throw error;
    const status = { 'not-found': 404, 'too-large': 413 }[error.code as string] ?? 409;
    html(response, status, messagePage('This payment cannot be confirmed', error.message));
  }
}

function show(psp: Psp, challengeId: string, response: ServerResponse): void {
  const challenge = psp.bank.challenge(challengeId);
  const payment = psp.bank.payment(challenge.paymentPspReference);
  if (challenge.state !== 'open') {
    const back = returnUrl(psp, challengeId);
    html(
      response,
      200,
      messagePage(
        'Nothing left to confirm',
        back === null ? 'You can close this page.' : `Go back to the shop: ${back}`,
      ),
    );
    return;
  }
  html(response, 200, challengePage({ pspTitle: psp.dialect.title, challenge, payment }));
}

function act(psp: Psp, challengeId: string, wanted: string | null, response: ServerResponse): void {
  const action = ACTIONS.find((known) => known === wanted);
  if (action === undefined) {
    html(response, 422, messagePage('Unknown action', `The form field "action" must be one of ${ACTIONS.join(', ')}.`));
    return;
  }
  const { returnTo } = playCardholder(psp, challengeId, action);
  if (returnTo === null) html(response, 200, messagePage('You left', 'The payment waits until the challenge expires.'));
  else response.writeHead(303, { location: returnTo, 'content-length': '0' }).end();
}

function html(response: ServerResponse, status: number, body: string): void {
  const length = Buffer.byteLength(body);
  response
    .writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'content-length': String(length) })
    .end(body);
}
