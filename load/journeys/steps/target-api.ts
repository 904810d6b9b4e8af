/**
 * Somebody else's service in k6, by its target file: the same templates and paths, filled and
 * read by the same code as in every other run. It has no long poll, so it is asked often.
 */
import http from 'k6/http';
import { fillText, fillTree, fillUrl, type Values } from '../../../scenarios/targets/foreign/fill.ts';
import { pickText, pickTexts } from '../../../scenarios/targets/foreign/pick.ts';
import type { PlannedCall, PlannedOperationCall, PlannedTarget } from '../../lib/k6/planned-target.ts';
import { parsed, type Asked, type Service } from './service.ts';

/** Between two looks: the client's number is true to this. */
const POLL_SECONDS = 0.05;

export function targetApi(target: PlannedTarget, base: string, budgetMs: number): Service {
  const { states, tokens, currency, fund } = target;
  const operationOf = (kind: 'deposit' | 'payout'): PlannedOperationCall => {
    const operation = target[kind];
    if (operation === undefined) throw new Error(`the plan does not say how a ${kind} is begun`);
    return operation;
  };
  const valuesOf = ({ planned, player, minor, key }: Asked): Values => ({
    ...{ base, player, key, currency, psp: planned.psp, method: planned.method, country: 'DE' },
    amount: (minor / 100).toFixed(2),
    amount_minor: minor,
    [planned.kind === 'deposit' ? 'card' : 'destination']: tokens[planned.psp]?.[planned.token] ?? planned.token,
    return_url: 'https://casino.example/cashier/done',
  });
  return {
    begin: (asked, tags) => {
      const operation = operationOf(asked.planned.kind);
      const answer = send(operation, valuesOf(asked), tags, budgetMs);
      const id = pickText(answer.body, operation.answer.id) ?? '';
      const redirect = pickText(answer.body, operation.answer.redirect) ?? '';
      const word = pickText(answer.body, operation.answer.status);
      return {
        // A yes without an id is no answer at all.
        http: answer.http < 300 && answer.http >= 200 && id === '' ? 502 : answer.http,
        id,
        // A page to open means that nothing is decided, whatever the service calls that.
        status: redirect === '' ? (states[word ?? ''] ?? 'pending') : 'pending',
        txn: '',
        redirect,
        error: answer.http >= 400 ? (pickText(answer.body, operation.answer.error) ?? `http_${answer.http}`) : '',
        references: pickTexts(answer.body, operation.answer.reference),
      };
    },
    look: (kind, id, asked, leftMs) => {
      const { status } = operationOf(kind);
      const answer = send(status, { ...valuesOf(asked), id }, {}, leftMs + 1000);
      const word = pickText(answer.body, status.answer.status);
      return answer.http === 200 && word !== undefined ? { status: states[word] ?? word } : undefined;
    },
    pauseSeconds: () => POLL_SECONDS,
    fund: (asked) => {
      if (fund === undefined) return false;
      const answer = send(fund, { ...valuesOf(asked), key: `fund-${asked.key}` }, {}, budgetMs);
      return answer.http >= 200 && answer.http < 300;
    },
  };
}

/** Without an answer the status is 0. */
function send(
  spec: PlannedCall,
  values: Values,
  tags: Record<string, string>,
  timeoutMs: number,
): { http: number; body: unknown } {
  const [method = 'GET', address = ''] = spec.call.split(' ');
  const given = Object.entries(spec.headers ?? {}).map(([name, text]) => [name, fillText(text, values)]);
  const json = spec.body === undefined ? {} : { 'Content-Type': 'application/json' };
  const body =
    spec.form !== undefined
      ? (fillTree(spec.form, values) as Record<string, string>)
      : spec.body === undefined
        ? null
        : JSON.stringify(fillTree(spec.body, values));
  const answer = http.request(method, fillUrl(address, values), body, {
    headers: { ...json, ...(Object.fromEntries(given) as Record<string, string>) },
    tags: { ...tags, name: spec.call },
    timeout: `${timeoutMs}ms`,
  });
  return { http: answer.status, body: parsed(answer.body) };
}
