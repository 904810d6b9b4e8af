/** What the reference service needs of Adyen, written by its real adapter on the official SDK. */
import { writeMoneyOut } from './adyen/money-out.ts';
import { writePayments } from './adyen/payments.ts';
import { writeTroubles } from './adyen/troubles.ts';
import { writeWebhooks } from './adyen/webhooks.ts';
import { describePact } from './pact-book.ts';

describePact('adyen', (book) => {
  writePayments(book);
  writeMoneyOut(book);
  writeTroubles(book);
  writeWebhooks(book);
});
