/**
 * Story: which methods the cashier should show to a player now, in which order, and why the
 * others are hidden. A look only: nothing is sent and no probe is spent.
 */
import { PAYMENT_METHODS, type Payment, type PaymentMethod } from '../domain/deposit.ts';
import { atLeast } from '../domain/routing/level.ts';
import type { Decision } from '../domain/routing/decide.ts';
import type { ServiceContext } from './context.ts';
import { depositRequest } from './route-attempt.ts';

export type HiddenBecause = 'not_offered' | 'rule' | 'no_psp_now' | 'read_only' | 'heavy_while_slow';

export interface MethodNow {
  method: PaymentMethod;
  /** Null when it is shown. */
  hidden: { because: HiddenBecause; detail: string } | null;
}

export interface Cashier {
  playerId: string | null;
  country: string | null;
  currency: string;
  /** 0 when not known yet: rules that begin at an amount do not apply then. */
  amountMinor: number;
  device: Payment['device'];
}

/** Shown methods first, best first; then the hidden ones. */
export async function methodsNow(context: ServiceContext, cashier: Cashier): Promise<MethodNow[]> {
  const { router, database } = context;
  await router.fresh(database.autocommit);
  const { level } = router.snapshot();
  const { heavyMethods, fastMethods } = router.levelRules;
  const methods = PAYMENT_METHODS.map((method) => ({ method, hidden: hiddenBy(context, cashier, method) }));
  const lighter = methods.filter(({ method, hidden }) => hidden === null && !heavyMethods.includes(method));
  // With nothing lighter to offer, a heavy method is better than none.
  if (atLeast(level.level, 'slow') && lighter.length > 0) {
    for (const entry of methods) {
      if (entry.hidden === null && heavyMethods.includes(entry.method))
        entry.hidden = { because: 'heavy_while_slow', detail: level.reason };
    }
  }
  const place = ({ method, hidden }: MethodNow): number => {
    if (hidden !== null) return 2;
    return atLeast(level.level, 'degraded') && !fastMethods.includes(method) ? 1 : 0;
  };
  return methods.sort((one, other) => place(one) - place(other));
}

function hiddenBy(context: ServiceContext, cashier: Cashier, method: PaymentMethod): MethodNow['hidden'] {
  const request = depositRequest(context, {
    id: `cashier-${cashier.playerId ?? ''}`,
    playerId: cashier.playerId ?? '',
    amountMinor: cashier.amountMinor,
    currency: cashier.currency,
    method,
    country: cashier.country,
    device: cashier.device,
    bin: null,
    bank: null,
    challenge: 'auto',
    preferredPsp: null,
    capture: 'automatic',
    storeMethod: false,
    pinnedPsp: null,
  });
  if (request.able.length === 0) return { because: 'not_offered', detail: 'no configured PSP takes it' };
  const decision = context.router.decide(request, { counts: false });
  return decision.psp === null ? { because: reasonOf(decision), detail: detailOf(decision) } : null;
}

function reasonOf({ level, rejected }: Decision): HiddenBecause {
  if (level === 'read_only') return 'read_only';
  const able = rejected.filter(({ reason }) => reason !== 'unable');
  return able.every(({ reason }) => reason === 'rule') ? 'rule' : 'no_psp_now';
}

function detailOf({ rejected }: Decision): string {
  return rejected
    .filter(({ reason }) => reason !== 'unable')
    .map(
      ({ psp, reason, detail }) =>
        `${psp}: ${reason.replaceAll('_', ' ')}${detail === undefined ? '' : ` (${detail})`}`,
    )
    .join('; ');
}
