/**
 * PSP identity: of which payment at the PSP does somebody speak?
 *
 * Our reference alone does not say: a PSP may hold two payments under it (it processed one
 * request twice), and an event may carry it that is about a stranger's payment. An attempt has
 * one PSP id; once learned it stays. What must hold: nothing that names another id moves the
 * attempt or its money, and an id is never learned from a webhook alone while anybody can be
 * asked.
 */

/**
 * `ours`: the attempt's own payment. `other`: another payment at the PSP. `unproven`: we do not
 * know the attempt's id yet (its call is in doubt, or the webhook overtook the answer).
 */
export type PspIdentity = 'ours' | 'other' | 'unproven';

/** @param known the attempt's id at its PSP, once learned · @param stated the id that is spoken of, if any */
export function pspIdentity(known: string | null, stated: string | null): PspIdentity {
  if (known === null) return 'unproven';
  return stated === null || stated === known ? 'ours' : 'other';
}
