/**
 * Plays the cardholder's browser after a deposit asked for a redirect: opens the PSP's
 * challenge page, thinks, presses a button (or walks away), follows the redirect into the
 * service's return route, and stops where the merchant's shop would take over.
 */
import { NetworkError, type HttpResponse } from '../../kernel/index.ts';
import type { PlannedDeposit } from '../dsl/plan.ts';
import type { Stage } from './stage.ts';

/** Browsers are patient. */
const PAGE_TIMEOUT_MS = 30_000;

/** A person reloads a page that does not come, this often, after this pause. */
const RELOADS = 3;
const RELOAD_AFTER_MS = 5_000;

/** More redirects than this in a row is a loop. */
const MOST_HOPS = 5;

/** Plays until the browser stands at `returnUrl`, or nothing more comes of it. */
export async function playCardholder(
  stage: Stage,
  deposit: PlannedDeposit,
  redirectUrl: string,
  returnUrl: string,
): Promise<void> {
  const { action, waitMs } = deposit.cardholder;
  const clock = stage.world.clock;
  const proc = `player:${deposit.player}`;
  const value = { op: deposit.op, action };
  const cause = stage.record({ proc, type: 'invoke', f: 'challenge', key: deposit.op, value });
  const end = (type: 'ok' | 'fail' | 'info', more: Record<string, unknown>): void => {
    stage.record({ proc, type, f: 'challenge', key: deposit.op, value: { ...value, ...more }, cause });
  };

  const page = await browse(stage, { method: 'GET', url: redirectUrl });
  if (page === undefined) return end('info', { reason: 'the page did not come' });
  await clock.sleep(waitMs, { label: `${deposit.op} at the challenge page` });
  if (action === 'abandon') return end('ok', { http_status: page.status });

  const answer = await browse(stage, { method: 'POST', url: redirectUrl, form: `action=${action}` });
  if (answer === undefined) return end('info', { reason: 'the button had no effect' });
  const location = answer.headers['location'];
  end(location === undefined ? 'fail' : 'ok', { http_status: answer.status });
  if (location !== undefined) await followReturn(stage, deposit, new URL(location, redirectUrl).toString(), returnUrl);
}

async function followReturn(stage: Stage, deposit: PlannedDeposit, location: string, returnUrl: string): Promise<void> {
  const proc = `player:${deposit.player}`;
  let url = location;
  for (let hop = 0; hop < MOST_HOPS && !url.startsWith(returnUrl); hop++) {
    const atService = url.startsWith(`${stage.world.target.url}/`);
    const cause = atService
      ? stage.record({ proc, type: 'invoke', f: 'return', key: deposit.op, value: { op: deposit.op } })
      : undefined;
    const answer = await browse(stage, { method: 'GET', url });
    const next = answer?.headers['location'];
    if (cause !== undefined) {
      // A service may show a page of its own instead of leading on to the shop.
      const type = answer === undefined ? 'info' : answer.status < 400 ? 'ok' : 'fail';
      stage.record({
        proc,
        type,
        f: 'return',
        key: deposit.op,
        value: { op: deposit.op, ...(answer === undefined ? {} : { http_status: answer.status }) },
        cause,
      });
    }
    if (next === undefined) return;
    url = new URL(next, url).toString();
  }
}

/** One page, with reloads after a failed exchange or a 5xx; undefined when it never came. */
async function browse(
  stage: Stage,
  page: { method: 'GET' | 'POST'; url: string; form?: string },
): Promise<HttpResponse | undefined> {
  for (let load = 0; load <= RELOADS; load++) {
    if (load > 0) await stage.world.clock.sleep(RELOAD_AFTER_MS, { label: 'reload' });
    try {
      const answer = await stage.world.network.request({
        method: page.method,
        url: page.url,
        headers: {
          accept: 'text/html',
          ...(page.form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        ...(page.form === undefined ? {} : { body: page.form }),
        timeoutMs: PAGE_TIMEOUT_MS,
      });
      if (answer.status < 500) return answer;
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
    }
  }
  return undefined;
}
