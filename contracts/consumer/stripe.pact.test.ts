/** What the reference service needs of Stripe, written by its real adapter on the official SDK. */
import { describePact } from './pact-book.ts';
import { writeMoneyOut } from './stripe/money-out.ts';
import { writePayments } from './stripe/payments.ts';
import { writeTroubles } from './stripe/troubles.ts';
import { writeWebhooks } from './stripe/webhooks.ts';

describePact('stripe', (book) => {
  writePayments(book);
  writeMoneyOut(book);
  writeTroubles(book);
  writeWebhooks(book);
});
