/** What the reference service needs of acme, written by its real adapter. */
import { writeMoneyOut } from './acme/money-out.ts';
import { writePayments } from './acme/payments.ts';
import { writeTroubles } from './acme/troubles.ts';
import { writeWebhooks } from './acme/webhooks.ts';
import { describePact } from './pact-book.ts';

describePact('acme', (book) => {
  writePayments(book);
  writeMoneyOut(book);
  writeTroubles(book);
  writeWebhooks(book);
});
