/**
 * Typed client of the simulator's control API (openapi/simulator-control.yaml): how a run sets
 * and heals faults and reads what the PSPs know.
 */
import type { Network } from '../../kernel/index.ts';
import type {
  Books,
  Dispute,
  Psp,
  Settlement,
  SettlementBatch,
  SettlementLine,
} from '../../openapi/generated/simulator-control.ts';
import { callJson, type JsonCall } from './json-call.ts';

/** The control API answers from memory; a longer wait means that it is gone. */
const CONTROL_TIMEOUT_MS = 10_000;

/** The control API refused; always a mistake of the harness or of the scenario. */
export class ControlRefused extends Error {
  readonly status: number;
  constructor(call: string, status: number, message: string) {
    super(`the simulator's control API refused ${call} (${status}): ${message}`);
    this.name = 'ControlRefused';
    this.status = status;
  }
}

export interface ControlClient {
  psps(): Promise<Psp[]>;
  /** Replaces the plan of faults; times count from now. */
  setFaults(faults: readonly object[]): Promise<void>;
  /** Ends all faults. */
  heal(): Promise<void>;
  books(psp: string): Promise<Books>;
  /** A cardholder takes `amountMinor` of a captured payment back. */
  openDispute(psp: string, dispute: { payment: string; amountMinor: number }): Promise<Dispute>;
  moveDispute(psp: string, pspReference: string, action: 'won' | 'lost' | 'reversed'): Promise<Dispute>;
  /** Settlements that are closed by now, oldest first. */
  settlements(psp: string): Promise<Settlement[]>;
  /** One of them, as its PSP tells it. */
  toldSettlement(psp: string, batch: string): Promise<SettlementBatch>;
  /** A file of it, byte for byte. */
  settlementFile(psp: string, batch: string, file: string): Promise<Buffer>;
  /** What waits for its settlement. */
  openLines(psp: string): Promise<SettlementLine[]>;
  /** How many webhook messages of all PSPs are on their way or will be tried again. */
  waitingMessages(): Promise<number>;
}

export function createControlClient(network: Network, controlUrl: string): ControlClient {
  async function call<T>(path: string, rest: Omit<JsonCall, 'url' | 'timeoutMs'>): Promise<T> {
    const answer = await callJson(network, { ...rest, url: `${controlUrl}${path}`, timeoutMs: CONTROL_TIMEOUT_MS });
    if (answer.status < 200 || answer.status > 299) {
      const message = (answer.body as { message?: unknown } | null)?.message;
      throw new ControlRefused(`${rest.method} ${path}`, answer.status, String(message ?? 'no reason given'));
    }
    return answer.body as T;
  }

  const settlementsOf = (psp: string): string => `/v1/psps/${psp}/settlements`;

  async function settlementFile(psp: string, batch: string, file: string): Promise<Buffer> {
    const path = `${settlementsOf(psp)}/${encodeURIComponent(batch)}/files/${encodeURIComponent(file)}`;
    const answer = await network.request({ method: 'GET', url: `${controlUrl}${path}`, timeoutMs: CONTROL_TIMEOUT_MS });
    if (answer.status !== 200) throw new ControlRefused(`GET ${path}`, answer.status, 'no file');
    return Buffer.from(answer.body);
  }

  return {
    psps: () => call('/v1/psps', { method: 'GET' }),
    setFaults: async (faults) => void (await call('/v1/faults', { method: 'PUT', json: { faults } })),
    heal: async () => void (await call('/v1/faults', { method: 'DELETE' })),
    openDispute: (psp, { payment, amountMinor }) =>
      call(`/v1/disputes/${psp}`, { method: 'POST', json: { payment, amount_minor: amountMinor } }),
    moveDispute: (psp, pspReference, action) =>
      call(`/v1/disputes/${psp}/${encodeURIComponent(pspReference)}`, { method: 'POST', json: { action } }),
    books: (psp) => call(`/v1/psps/${psp}/books`, { method: 'GET' }),
    settlements: (psp) => call(settlementsOf(psp), { method: 'GET' }),
    toldSettlement: async (psp, batch) => {
      const path = `${settlementsOf(psp)}/${encodeURIComponent(batch)}`;
      return (await call<{ told: SettlementBatch }>(path, { method: 'GET' })).told;
    },
    settlementFile,
    openLines: (psp) => call(`${settlementsOf(psp)}/open`, { method: 'GET' }),
    waitingMessages: async () =>
      (await call<{ messages: number }>('/v1/deliveries/waiting', { method: 'GET' })).messages,
  };
}
