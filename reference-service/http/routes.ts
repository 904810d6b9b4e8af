/**
 * A route: one operation of the API document, by its operationId.
 */
import type { Answer } from './answer.ts';
import type { Operation } from './contract.ts';
import type { Exchange } from './exchange.ts';

export type Route = (exchange: Exchange, operation: Operation) => Promise<Answer>;
export type Routes = Record<string, Route>;
