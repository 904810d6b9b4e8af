/** Serves `/assay/3ds/{challenge}` on a PSP's own address: GET shows the page, POST acts and sends the browser back. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PspProblem } from '../core/problem.ts';
import type { CardholderAction, Challenge } from '../core/records.ts';
import type { Psp } from '../engine/psp.ts';
import { readBody } from '../engine/read-request.ts';
import { issuerActions, payerActions } from './page-actions.ts';
import { PAGE_HEADERS } from './page-layout.ts';
import { messagePage, payerPage } from './payer-page.ts';
import { actOnPage } from './act-on-page.ts';
import { hasChallenge, returnUrl } from './play-cardholder.ts';

const PREFIX = '/assay/3ds/';

/** What is left to say to a payer who does not go back to a shop. */
const FAREWELLS: Readonly<Record<CardholderAction, readonly [title: string, text: string]>> = {
  approve: ['Approved', 'The shop hears of it. You can close this page.'],
  fail: ['Refused', 'The shop hears of it. You can close this page.'],
  abandon: ['You left', 'The payment waits until this page expires.'],
  cancel: ['Canceled', 'You did not pay. You can close this page.'],
  attempt: ['Attempted', 'The issuer took no part. You can close this page.'],
  unavailable: ['Issuer unavailable', 'The issuer’s server did not answer. You can close this page.'],
};

export function isChallengePath(url: string): boolean {
  return url.startsWith(PREFIX);
}

export async function serveChallenge(psp: Psp, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const challengeId = (request.url ?? '').slice(PREFIX.length).split('?')[0] ?? '';
  const pspTitle = psp.dialect.title;
  try {
    const body = (await readBody(request)).toString('utf8');
    if (request.method === 'GET' || request.method === 'HEAD') show(psp, challengeId, response);
    else if (request.method === 'POST') await act(psp, challengeId, new URLSearchParams(body).get('action'), response);
    else {
      response.setHeader('allow', 'GET, HEAD, POST');
      html(response, 405, messagePage({ title: 'Not possible here', text: 'This page takes GET and POST.', pspTitle }));
    }
  } catch (error) {
    if (!(error instanceof PspProblem)) throw error;
    const status = { 'not-found': 404, 'too-large': 413 }[error.code as string] ?? 409;
    html(
      response,
      status,
      messagePage({
        title: 'This payment cannot be confirmed',
        text: error.message,
        pspTitle,
        backTo: backTo(psp, challengeId),
      }),
    );
  }
}

function show(psp: Psp, challengeId: string, response: ServerResponse): void {
  const challenge = psp.bank.challenge(challengeId);
  const payment = psp.bank.payment(challenge.paymentPspReference);
  const pspTitle = psp.dialect.title;
  if (canAct(challenge)) {
    html(response, 200, payerPage({ pspName: psp.name, pspTitle, challenge, payment }));
    return;
  }
  const text = `This page is closed (${challenge.state}).`;
  html(
    response,
    200,
    messagePage({ title: 'Nothing left to confirm', text, pspTitle, backTo: backTo(psp, challengeId) }),
  );
}

async function act(psp: Psp, challengeId: string, wanted: string | null, response: ServerResponse): Promise<void> {
  const { page } = psp.bank.challenge(challengeId);
  const pspTitle = psp.dialect.title;
  const actions = [...payerActions(page), ...issuerActions(page)].map(({ action }) => action);
  const action = actions.find((known) => known === wanted);
  if (action === undefined) {
    const text = `The form field "action" must be one of ${actions.join(', ')}.`;
    html(response, 422, messagePage({ title: 'Unknown action', text, pspTitle }));
    return;
  }
  const { returnTo } = await actOnPage(psp, challengeId, action);
  if (returnTo !== null) {
    response.writeHead(303, { location: returnTo, 'content-length': '0', 'cache-control': 'no-store' }).end();
    return;
  }
  const [title, text] = FAREWELLS[action];
  html(response, 200, messagePage({ title, text, pspTitle }));
}

/** Open, or left by the button that leads back to the shop while the payment still waits. */
function canAct({ state, completed }: Challenge): boolean {
  return !completed && (state === 'open' || state === 'canceled');
}

function backTo(psp: Psp, challengeId: string): string | null {
  return hasChallenge(psp, challengeId) ? returnUrl(psp, challengeId) : null;
}

function html(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { ...PAGE_HEADERS, 'content-length': String(Buffer.byteLength(body)) }).end(body);
}
