/**
 * The schema, one file per area. Times are epoch milliseconds and ids are texts, both from the
 * caller, so that a run in virtual time is repeatable. What money depends on is a constraint
 * here, not only a habit of the code: one credit per payment, one live attempt per payment, no
 * negative balance, entries that add up to zero and are never changed.
 */
import { CASES_SCHEMA } from './cases.ts';
import { FUNCTIONS_SCHEMA } from './functions.ts';
import { INTAKE_SCHEMA } from './intake.ts';
import { LEDGER_SCHEMA } from './ledger.ts';
import { LIMITS_SCHEMA } from './limits.ts';
import { OUTBOX_SCHEMA } from './outbox.ts';
import { PAYMENTS_SCHEMA } from './payments.ts';
import { RECONCILIATION_SCHEMA } from './reconciliation.ts';
import { REFUNDS_SCHEMA } from './refunds.ts';
import { GAME_ROUNDS_SCHEMA } from './game-rounds.ts';
import { RECOVERY_SCHEMA } from './recovery.ts';
import { STORED_METHODS_SCHEMA } from './stored-methods.ts';
import { ROUTING_SCHEMA } from './routing.ts';

export const SCHEMA_VERSION = 4;

export const SCHEMA = [
  PAYMENTS_SCHEMA,
  STORED_METHODS_SCHEMA,
  GAME_ROUNDS_SCHEMA,
  RECOVERY_SCHEMA,
  REFUNDS_SCHEMA,
  ROUTING_SCHEMA,
  INTAKE_SCHEMA,
  CASES_SCHEMA,
  LEDGER_SCHEMA,
  OUTBOX_SCHEMA,
  RECONCILIATION_SCHEMA,
  LIMITS_SCHEMA,
  FUNCTIONS_SCHEMA,
  `create function service_schema_version() returns int language sql immutable as 'select ${SCHEMA_VERSION}';`,
].join('\n');
