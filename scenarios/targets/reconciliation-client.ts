/**
 * The part of the payments API by which an operator tells the target what PSPs settled and what
 * came to the bank, and asks what it made of it. Like its neighbour it neither retries nor
 * interprets.
 */
import type { Network } from '../../kernel/index.ts';
import type { Settlement } from '../../openapi/generated/payments.ts';
import { callJson, jsonAnswerOf, type JsonAnswer } from './json-call.ts';
import { ProbeRefused, type TargetAddress } from './service-client.ts';

export interface ImportedFile {
  kind: 'settlement' | 'bank';
  psp: string;
  name: string;
  bytes: Uint8Array;
}

export interface ReconciliationClient {
  importFile(file: ImportedFile): Promise<JsonAnswer>;
  /** What the target took in, newest first: of one PSP, or of all. Throws ProbeRefused on any status but 200. */
  settlements(psp?: string): Promise<Settlement[]>;
}

/** Most settlements of a list; the API's own limit. */
const MOST_SETTLEMENTS = 1_000;

/** A file is read, matched and booked before the answer comes. */
const IMPORT_TIMEOUT_MS = 60_000;

const PROBE_TIMEOUT_MS = 10_000;

const PATHS: Readonly<Record<ImportedFile['kind'], string>> = {
  settlement: '/v1/reconciliation/imports',
  bank: '/v1/reconciliation/bank-lines',
};

/** Everything throws NetworkError when there is no answer. */
export function createReconciliationClient(network: Network, target: TargetAddress): ReconciliationClient {
  const authorization = `Bearer ${target.apiKey}`;
  return {
    async importFile({ kind, psp, name, bytes }) {
      const query = `psp=${encodeURIComponent(psp)}&file_name=${encodeURIComponent(name)}`;
      const response = await network.request({
        method: 'POST',
        url: `${target.url}${PATHS[kind]}?${query}`,
        headers: { authorization, accept: 'application/json', 'content-type': 'application/octet-stream' },
        body: bytes,
        timeoutMs: IMPORT_TIMEOUT_MS,
      });
      return jsonAnswerOf(response);
    },

    async settlements(psp) {
      const about = psp === undefined ? '' : `psp=${encodeURIComponent(psp)}&`;
      const path = `/v1/reconciliation/settlements?${about}limit=${MOST_SETTLEMENTS}`;
      const url = `${target.url}${path}`;
      const answer = await callJson(network, {
        method: 'GET',
        url,
        headers: { authorization },
        timeoutMs: PROBE_TIMEOUT_MS,
      });
      if (answer.status !== 200 || answer.body === null) throw new ProbeRefused(path, answer);
      return (answer.body as { settlements: Settlement[] }).settlements;
    },
  };
}
