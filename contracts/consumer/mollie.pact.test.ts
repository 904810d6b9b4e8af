/** What the reference service needs of Mollie, written by its real adapter. */
import { writeCancels } from './mollie/cancels.ts';
import { writeMoneyOut } from './mollie/money-out.ts';
import { writeNotifications } from './mollie/notifications.ts';
import { writePayments } from './mollie/payments.ts';
import { writeTroubles } from './mollie/troubles.ts';
import { writeWebhooks } from './mollie/webhooks.ts';
import { describePact, type PactBook } from './pact-book.ts';

const write = (book: PactBook): void => {
  writePayments(book);
  writeCancels(book);
  writeMoneyOut(book);
  writeTroubles(book);
  writeNotifications(book);
  writeWebhooks(book);
};

describePact('mollie', write, { contentType: 'application/hal+json' });
