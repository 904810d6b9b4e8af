/** What the reference service needs of PayPal, written by its real adapter. */
import { describePact } from './pact-book.ts';
import { writeMoneyOut } from './paypal/money-out.ts';
import { writePayments } from './paypal/payments.ts';
import { writeTroubles } from './paypal/troubles.ts';
import { writeWebhooks } from './paypal/webhooks.ts';
import { tokenCall } from './paypal/wire.ts';

describePact(
  'paypal',
  (book) => {
    writePayments(book);
    writeMoneyOut(book);
    writeTroubles(book);
    writeWebhooks(book);
  },
  { first: [tokenCall] },
);
