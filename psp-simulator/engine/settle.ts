/**
 * Settlement of one simulated PSP at run time: its account, what it tells about each batch
 * (faults may make that differ from the truth), and the events that announce it.
 */
import type { Clock, HistorySink, TimerHandle } from '../../kernel/index.ts';
import type { BookChange } from '../core/book-change.ts';
import type { Dialect, PspContext } from '../dialects/dialect.ts';
import type { WebhookDraft } from '../dialects/webhook.ts';
import type { FaultPlan } from '../faults/plan.ts';
import { SettlementAccount } from '../settlement/settlement-account.ts';
import type { ClosedBatch } from '../settlement/settlement-account.ts';
import type { SettlementBatch, SettlementFile, SettlementTerms } from '../settlement/settlement.ts';

export interface SettleOptions {
  psp: PspContext;
  dialect: Dialect;
  clock: Clock;
  history: HistorySink;
  plan: FaultPlan;
  announce(draft: WebhookDraft): void;
}

export class PspSettlement {
  readonly #options: SettleOptions;
  #account: SettlementAccount;
  #timer: TimerHandle | undefined;
  /** What the terms were made of, and the terms: asked for at every change of the books. */
  #made: { of: Partial<SettlementTerms> | undefined; terms: SettlementTerms } | undefined;

  constructor(options: SettleOptions) {
    this.#options = options;
    this.#account = this.#newAccount();
  }

  terms(): SettlementTerms {
    const { psp, dialect } = this.#options;
    const of = psp.profile.settlement;
    if (this.#made === undefined || this.#made.of !== of)
      this.#made = { of, terms: { ...dialect.settlement.terms, ...of } };
    return this.#made.terms;
  }

  follow(change: BookChange): void {
    this.#account.follow(change);
    this.#planAnnouncement();
  }

  /** All closed batches, oldest first, as the PSP tells them. */
  batches(): readonly SettlementBatch[] {
    return this.#account.batches();
  }

  /** The same with the truth beside it. */
  closed(): readonly ClosedBatch[] {
    return this.#account.closed();
  }

  unsettledLines(): ReturnType<SettlementAccount['unsettledLines']> {
    return this.#account.unsettledLines();
  }

  /** The native files of a batch. */
  files(batch: SettlementBatch): SettlementFile[] {
    return this.#options.dialect.settlement.files(batch, this.#options.psp);
  }

  /** Closes everything that is open and announces it. */
  closeNow(): ClosedBatch[] {
    const closed = this.#account.closeNow();
    for (const { told } of closed) this.#announce(told);
    return closed;
  }

  clear(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#account = this.#newAccount();
  }

  #newAccount(): SettlementAccount {
    const { psp, clock } = this.#options;
    return new SettlementAccount({
      psp: psp.name,
      clock,
      terms: () => this.terms(),
      told: (truth) => this.#told(truth),
    });
  }

  #told(truth: SettlementBatch): { batch: SettlementBatch; later: SettlementBatch['lines'] } {
    const { psp, history, plan } = this.#options;
    const cause = history.append({
      proc: `psp:${psp.name}`,
      type: 'obs',
      f: 'settlement',
      value: {
        psp: psp.name,
        batch: truth.id,
        currency: truth.currency,
        lines: truth.lines.length,
        net_minor: truth.netMinor,
        transfer_minor: truth.transferMinor,
      },
    });
    return plan.settlement({ psp: psp.name, batch: truth, cause });
  }

  /** Only where the terms ask for it: an idle simulator has no timers. */
  #planAnnouncement(): void {
    if (this.terms().announce !== true || this.#timer !== undefined) return;
    const { clock, psp } = this.#options;
    const dueMs = this.#account.nextCutoffMs();
    if (dueMs === null) return;
    this.#timer = clock.schedule(Math.max(0, dueMs - clock.now()), `psp:${psp.name}:settlement`, () => {
      this.#timer = undefined;
      for (const { told } of this.#account.closeDue()) this.#announce(told);
      this.#planAnnouncement();
    });
  }

  #announce(batch: SettlementBatch): void {
    const { psp, dialect, clock, announce } = this.#options;
    const drafts = dialect.settlement.webhooksFor?.(batch, {
      psp,
      newId: (prefix) => psp.ids.next(prefix),
      atMs: clock.now(),
    });
    for (const draft of drafts ?? []) announce(draft);
  }
}
