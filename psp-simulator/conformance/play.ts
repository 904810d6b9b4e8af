/** What the checks of the conformance suite share: a fresh stage per check and the steps of a payment on it. */
import type { Dialect } from '../dialects/dialect.ts';
import type { DialectProbe, NotOffered, PayWish, ProbeCard, SeenPayment } from './probe.ts';
import type { openStage, Stage } from './stage.ts';

export const DAY_MS = 24 * 3_600_000;
/** Long enough for everything that takes a day on the stage. */
export const SOME_DAYS_MS = 4 * DAY_MS;

export type Offered<T> = Exclude<T, NotOffered>;

export interface Play {
  readonly probe: DialectProbe;
  readonly dialect: Dialect;
  /** The stage of the check that is running. */
  readonly stage: Stage;
  offersCard(card: ProbeCard): boolean;
  /** Another stage in place of this one, with another profile. */
  open(profile: Parameters<typeof openStage>[1]): Promise<void>;
  /** Lets ten seconds pass: everything that happens at once has happened. */
  settle(): Promise<void>;
  /** A fresh idempotency key. */
  key(): string;
  afterReturn(payment: SeenPayment, returned: URL | null): Promise<SeenPayment>;
  /** Pays, acts on the page and comes back from it. */
  payByPage(card: ProbeCard, action: Parameters<Stage['act']>[1], more?: Partial<PayWish>): Promise<SeenPayment>;
}

export function isMissing(feature: object): feature is NotOffered {
  return 'notOffered' in feature;
}
