/** What the reference service needs of Checkout.com, written by its real adapter. */
import { writeMoneyOut } from './checkout/money-out.ts';
import { writePayments } from './checkout/payments.ts';
import { writeTroubles } from './checkout/troubles.ts';
import { writeWebhooks } from './checkout/webhooks.ts';
import { describePact } from './pact-book.ts';

describePact('checkout', (book) => {
  writePayments(book);
  writeMoneyOut(book);
  writeTroubles(book);
  writeWebhooks(book);
});
