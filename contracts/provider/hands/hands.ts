/**
 * How provider states act on a PSP: what any PSP can do, to be said in each one's own words.
 * By its own wire, written down once more and without the service's adapters, so that an adapter
 * cannot prepare the very world that it is tested in.
 */

/** What shall become of a payment. */
export type Fate = 'captured' | 'declined' | 'challenged' | 'challenged-declined' | 'authorized' | 'refund-fails';

export interface Hands {
  /** Answers with the text of the answer, which names what was made. */
  pay(reference: string, fate: Fate): Promise<string>;
  /** Makes a payment whose payer has nowhere to go yet, where that is a step of its own. */
  create?(reference: string): Promise<string>;
  capture(pspReference: string, reference: string): Promise<void>;
  cancel(pspReference: string, reference: string): Promise<void>;
  refund(pspReference: string, refundReference: string): Promise<void>;
  /** Answers with the id that a payout is asked for by, where that is not the one in the books. */
  payout(reference: string): Promise<string | undefined>;
  /** The id of what was captured or authorized of a payment, where it has one of its own. */
  partOf?(pspReference: string): Promise<string>;
  /** Nothing is taken before the payer has been at his bank, whatever shall become of it. */
  readonly payerActs?: boolean;
}

/** Sends with credentials and a key of its own; gives the text of an answer that was taken. */
export type Post = (path: string, body?: object | string) => Promise<string>;

export interface Wire {
  post: Post;
  get(path: string): Promise<string>;
  credentials: Readonly<Record<string, string>>;
}
