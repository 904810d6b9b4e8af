/**
 * The operator of the platform: looks from time to time which settlements the PSPs have closed,
 * downloads their files and brings them to the target, with what came to the bank where the
 * scenario says so. He believes what PSPs tell; what is wrong in it the target has to find.
 *
 *   closed settlement ─► its files ─► import (twice at once, if asked) ─► what came to the bank
 */
import { NetworkError } from '../../kernel/index.ts';
import type { SettlementBatch, Settlement } from '../../openapi/generated/simulator-control.ts';
import { majorText } from '../dsl/index.ts';
import { OPERATOR, type SettlementBatchValue, type SettlementTermsNote } from '../history/index.ts';
import { isProblem, ProbeRefused } from '../targets/service-client.ts';
import { createReconciliationClient, type ImportedFile } from '../targets/reconciliation-client.ts';
import type { Stage } from './stage.ts';

/** After settling, the last settlements may take so many rounds: the longest delay of a PSP and a closing. */
const MOST_LAST_ROUNDS = 12;

/** A file that could not be imported is tried again in the next round, so often at most. */
const MOST_TRIES = 5;

export interface Operator {
  /** Imports until `finish` was called and everything is settled. */
  work(): Promise<void>;
  /** From now on nothing new happens: what is open is settled and imported, then `work` ends. */
  finish(): void;
  /** What the target says that it took in, as a last look. */
  lastLook(): Promise<void>;
}

/** Undefined when the scenario imports no settlements. */
export function createOperator(stage: Stage): Operator | undefined {
  const { settlements: planned } = stage.plan;
  return planned === undefined ? undefined : new ImportingOperator(stage, planned);
}

type Planned = NonNullable<Stage['plan']['settlements']>;
type Client = ReturnType<typeof createReconciliationClient>;

class ImportingOperator implements Operator {
  readonly #stage: Stage;
  readonly #planned: Planned;
  readonly #client: Client;
  /** Settlements that need no further look. */
  readonly #done = new Set<string>();
  readonly #tries = new Map<string, number>();
  #imports = 0;
  #finishing = false;

  constructor(stage: Stage, planned: Planned) {
    this.#stage = stage;
    this.#planned = planned;
    this.#client = createReconciliationClient(stage.world.network, stage.world.target);
  }

  finish(): void {
    this.#finishing = true;
  }

  async work(): Promise<void> {
    const { world } = this.#stage;
    this.#note('settlement-terms', termsNote(this.#stage));
    for (let lastRounds = 0; lastRounds < MOST_LAST_ROUNDS;) {
      await world.clock.sleep(this.#planned.everyMs, { label: 'the operator looks for settlements' });
      const finishing = this.#finishing;
      for (const psp of this.#stage.plan.psps) await this.#lookAt(psp.name);
      if (!finishing) continue;
      lastRounds += 1;
      if (await this.#allSettled()) return;
    }
  }

  async lastLook(): Promise<void> {
    const probe = { proc: 'probe', type: 'obs' } as const;
    try {
      const settlements = await this.#client.settlements();
      this.#stage.record({ ...probe, f: 'settlements', value: { settlements, phase: 'final' } });
    } catch (error) {
      const reason = reasonOf(error);
      const value = { probe: 'settlements', reason, phase: 'final' };
      this.#stage.record({ ...probe, f: 'probe-failed', value });
    }
  }

  /** Nothing waits for a settlement, and each that was closed is imported. */
  async #allSettled(): Promise<boolean> {
    for (const { name } of this.#stage.plan.psps) {
      if ((await this.#stage.control.openLines(name)).length > 0) return false;
      const closed = await this.#stage.control.settlements(name);
      if (closed.some(({ batch }) => !this.#done.has(batch))) return false;
    }
    return true;
  }

  async #lookAt(psp: string): Promise<void> {
    for (const settlement of await this.#stage.control.settlements(psp)) {
      if (this.#done.has(settlement.batch)) continue;
      const known = this.#tries.get(settlement.batch) ?? 0;
      this.#tries.set(settlement.batch, known + 1);
      const told = await this.#stage.control.toldSettlement(psp, settlement.batch);
      if (known === 0) this.#tell(settlement, told);
      const before = await this.#named(psp);
      const imported = await this.#importFiles(settlement);
      if (imported && this.#planned.bank && told.transfer_minor > 0) await this.#importBankLine(told, psp, before);
      if (imported || known + 1 >= MOST_TRIES) this.#done.add(settlement.batch);
    }
  }

  #tell({ psp, batch, currency, to, files }: Settlement, told: SettlementBatch): void {
    const value: SettlementBatchValue = {
      psp,
      batch,
      currency,
      closed_at: to,
      files: files.map(({ name }) => name),
      net_minor: told.net_minor,
      carried_minor: told.carried_minor,
      transfer_minor: told.transfer_minor,
      lines: told.items.map((line) => ({
        id: line.id,
        type: line.type,
        psp_reference: line.psp_reference,
        reference: line.reference,
        gross_minor: line.gross_minor,
        currency: line.currency,
        converted_minor: line.converted_minor,
        fee_minor: Object.values(line.fees).reduce((sum, fee) => sum + fee, 0),
        net_minor: line.net_minor,
      })),
    };
    this.#stage.record({ proc: OPERATOR, type: 'obs', f: 'settlement-batch', key: batch, value });
  }

  async #importFiles({ psp, batch, files }: Settlement): Promise<boolean> {
    let all = true;
    for (const { name } of files) {
      const bytes = await this.#stage.control.settlementFile(psp, batch, name);
      const copies = this.#planned.twice ? 2 : 1;
      const work = Array.from({ length: copies }, () => this.#import({ kind: 'settlement', psp, name, bytes }, batch));
      all = (await Promise.all(work)).some((taken) => taken) && all;
    }
    return all;
  }

  /** The bank names the settlement as its PSP does, which is as the target has read it. */
  async #importBankLine(told: SettlementBatch, psp: string, before: ReadonlySet<string>): Promise<void> {
    const { batch, currency, to, transfer_minor: minor } = told;
    const now = await this.#named(psp);
    const [name = batch] = [...now].filter((one) => !before.has(one) && one.endsWith(` ${currency}`));
    const text = name.split(' ')[0] ?? batch;
    const row = `${to},${majorText(minor, currency)},${currency},${psp.toUpperCase()} ${text}`;
    const bytes = Buffer.from(`booked_at,amount,currency,text\n${row}\n`);
    await this.#import({ kind: 'bank', psp, name: `bank-${batch}.csv`, bytes }, batch);
  }

  /** Settlements of a PSP as the target names them: `<batch> <currency>`. */
  async #named(psp: string): Promise<Set<string>> {
    if (!this.#planned.bank) return new Set();
    const listed = await this.#client.settlements(psp).catch((error: unknown) => {
      reasonOf(error);
      return [];
    });
    return new Set(listed.map(({ batch, currency }) => `${batch} ${currency}`));
  }

  async #import(file: ImportedFile, batch: string): Promise<boolean> {
    this.#imports += 1;
    const op = `imp-${this.#imports}`;
    const about = { proc: OPERATOR, f: 'import', key: op } as const;
    const invoke = { op, kind: file.kind, psp: file.psp, batch, file: file.name };
    const cause = this.#stage.record({ ...about, type: 'invoke', value: invoke });
    const end = (type: 'ok' | 'fail' | 'info', value: object): void =>
      void this.#stage.record({ ...about, type, value: { op, ...value }, cause });
    try {
      const { status, headers, body } = await this.#client.importFile(file);
      if (status >= 200 && status < 300) {
        const replayed = headers['idempotent-replayed'] === 'true';
        end('ok', { http_status: status, import_id: String((body as { import_id?: unknown }).import_id), replayed });
        return true;
      }
      const error = isProblem(body) ? `${body.error}: ${body.message}` : `http_${status}`;
      end(status >= 500 ? 'info' : 'fail', { http_status: status, error, reason: error });
    } catch (error) {
      end('info', { reason: reasonOf(error) });
    }
    return false;
  }

  #note(f: string, value: object): void {
    this.#stage.record({ proc: OPERATOR, type: 'note', f, value });
  }
}

function termsNote({ world }: Stage): SettlementTermsNote {
  const { lateAfterMs, missingAfterMs } = world.settlementPatience;
  return { late_after_ms: lateAfterMs, missing_after_ms: missingAfterMs };
}

/** What a target that cannot be reached, or says no, is written down as; everything else is a bug of the harness. */
function reasonOf(error: unknown): string {
  if (error instanceof NetworkError) return error.kind;
  if (error instanceof ProbeRefused) return error.message;
  throw error;
}
