/** The payer as the merchant names him. Nothing but the id is kept. */
import type { Call } from '../dialect.ts';
import { refuse, requiredObject, requiredText, textAt } from './fields.ts';

/** The id of the user who was named, or of a new one. */
export function userOf({ psp, body }: Call): string {
  const user = requiredObject(body, 'user');
  const id = textAt(user, 'id');
  if (id !== undefined) return id;
  requiredText(body, 'user.name');
  if (textAt(user, 'email') === undefined && textAt(user, 'phone') === undefined)
    refuse('user.email', 'Either email or phone is required.');
  return psp.ids.uuid();
}
