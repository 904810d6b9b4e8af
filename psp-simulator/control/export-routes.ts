/** Downloads, one JSON object per line: everything that a run still knows, for tools of one's own. */
import { once } from 'node:events';
import { Router } from 'express';
import type { Response } from 'express';
import type { Psp } from '../engine/psp.ts';
import { booksView } from './book-views.ts';
import { oneOf, pathParam } from './read-input.ts';
import { pspsOf } from './setting.ts';
import type { ControlSetting } from './setting.ts';
import { deliveryView, exchangeView, historyView } from './views.ts';

const WHAT = ['books', 'exchanges', 'deliveries', 'history'] as const;

/** Lines that are made before the client has taken the last ones: a slow client must not fill the memory. */
const LINES_AT_ONCE = 500;

export function exportRoutes(run: ControlSetting): Router {
  const router = Router();

  router.get('/export/:what', async (request, response) => {
    const what = oneOf(pathParam(request, 'what'), 'what', WHAT);
    const psps = pspsOf(run, request.query['psp']);
    response.status(200).attachment(`${run.id}-${what}.ndjson`).type('application/x-ndjson');
    await writeLines(response, linesOf(run, what, psps));
  });

  return router;
}

function* linesOf(
  run: ControlSetting,
  what: (typeof WHAT)[number],
  psps: ControlSetting['psps'],
): Generator<object, void> {
  if (what === 'history') yield* run.history.list({}).map(historyView);
  for (const psp of psps) {
    if (what === 'exchanges') for (const entry of psp.exchanges.list()) yield exchangeView(psp, entry);
    if (what === 'deliveries') for (const entry of psp.courier.deliveries({})) yield deliveryView(psp, entry);
    if (what === 'books') yield* bookLines(psp);
  }
}

function* bookLines(psp: Psp): Generator<object, void> {
  const { payments, refunds, payouts, disputes, saved_methods: methods } = booksView(psp);
  for (const record of [...payments, ...refunds, ...payouts, ...disputes]) yield { psp: psp.name, ...record };
  for (const method of methods) yield { psp: psp.name, kind: 'saved_method', ...method };
}

async function writeLines(response: Response, lines: Iterable<object>): Promise<void> {
  let block: string[] = [];
  const flush = async (): Promise<void> => {
    const text = block.map((line) => `${line}\n`).join('');
    block = [];
    if (!response.write(text) && !response.destroyed)
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
  };
  for (const line of lines) {
    block.push(JSON.stringify(line));
    if (block.length === LINES_AT_ONCE) await flush();
    if (response.destroyed) return;
  }
  if (block.length > 0) await flush();
  response.end();
}
