/** The payments API (openapi/payments.yaml) in k6: deposits are waited for by long polls, payouts are asked for. */
import http from 'k6/http';
import { parsed, type Asked, type Begun, type Seen, type Service } from './service.ts';

/** Longest wait per long poll in seconds; short enough that a stuck connection is noticed. */
const LONG_POLL_SECONDS = 10;

/** Between two looks at a payout, which has no long poll: the client's number is true to this. */
const PAYOUT_POLL_SECONDS = 0.1;

interface Started {
  payment_id?: string;
  payout_id?: string;
  txn_id?: string;
  status?: string;
  redirect_url?: string;
  error?: string;
}

interface Told {
  status: string;
  created_at?: string;
  updated_at?: string;
  credited_at?: string | null;
}

export function paymentsApi(baseUrl: string, apiKey: string, budgetMs: number): Service {
  const headers = { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' };
  return {
    begin: (asked, tags) => {
      const { path, body } = requestOf(asked);
      const answer = http.post(`${baseUrl}${path}`, JSON.stringify(body), {
        headers: { ...headers, 'Idempotency-Key': asked.key },
        tags: { ...tags, name: `POST ${path}` },
        timeout: `${budgetMs}ms`,
      });
      return begun(answer.status, (parsed(answer.body) ?? {}) as Started);
    },
    look: (kind, id, _asked, leftMs) => {
      const path = kind === 'deposit' ? '/v1/payments' : '/v1/payouts';
      const wait = Math.max(1, Math.min(LONG_POLL_SECONDS, Math.floor(leftMs / 1000)));
      const answer = http.get(`${baseUrl}${path}/${id}?wait=${wait}`, {
        headers,
        tags: { name: `GET ${path}/{id}` },
        timeout: `${leftMs + 1000}ms`,
      });
      return answer.status === 200 ? seen(parsed(answer.body) as Told | undefined) : undefined;
    },
    pauseSeconds: (kind) => (kind === 'deposit' ? 0 : PAYOUT_POLL_SECONDS),
    fund: ({ player, minor, key }) => {
      const txn = `fund-${key}`;
      const money = { amount: (minor / 100).toFixed(2), currency: 'EUR' };
      const body = { player_id: player, payment_id: txn, txn_id: txn, ...money, idempotency_key: txn };
      const path = '/v1/wallet/credit';
      const answer = http.post(`${baseUrl}${path}`, JSON.stringify(body), { headers, tags: { name: `POST ${path}` } });
      return answer.status >= 200 && answer.status < 300;
    },
  };
}

function requestOf({ planned, player, minor }: Asked): { path: string; body: object } {
  const { kind, psp, method, token } = planned;
  const common = { amount: (minor / 100).toFixed(2), currency: 'EUR', method, player_id: player };
  if (kind === 'payout')
    return { path: '/v1/payouts/init', body: { ...common, destination_token: token, meta: { psp } } };
  const more = { return_url: 'https://casino.example/cashier/done', payment_token: token };
  return { path: '/v1/payments/init', body: { ...common, ...more, meta: { country: 'DE', device: 'mobile', psp } } };
}

function begun(status: number, body: Started): Begun {
  return {
    http: status,
    id: body.payment_id ?? body.payout_id ?? '',
    status: body.status ?? '',
    txn: body.txn_id ?? '',
    redirect: body.redirect_url ?? '',
    error: body.error ?? '',
    references: [],
  };
}

function seen(told: Told | undefined): Seen | undefined {
  if (told === undefined) return undefined;
  const ms = Date.parse(told.credited_at ?? told.updated_at ?? '') - Date.parse(told.created_at ?? '');
  return { status: told.status, ...(Number.isFinite(ms) ? { serverMs: ms } : {}) };
}
