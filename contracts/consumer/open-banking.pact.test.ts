/** What the reference service needs of a pay-by-bank provider (TrueLayer v3), written by its real adapter. */
import { writeMoneyOut } from './open-banking/money-out.ts';
import { writeNotifications } from './open-banking/notifications.ts';
import { writePayments } from './open-banking/payments.ts';
import { writeTroubles } from './open-banking/troubles.ts';
import { writeWebhooks } from './open-banking/webhooks.ts';
import { tokenCall } from './open-banking/wire.ts';
import { describePact, type PactBook } from './pact-book.ts';

const write = (book: PactBook): void => {
  writePayments(book);
  writeMoneyOut(book);
  writeTroubles(book);
  writeNotifications(book);
  writeWebhooks(book);
};

describePact('open-banking', write, { first: [tokenCall] });
