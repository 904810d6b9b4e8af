/** Which simulated PSPs a person asks for, and the dialects there are to ask for. */
import { describeDialects } from '../../psp-simulator/index.ts';
import { readPort, requireOneOf } from './options.ts';

export interface PspChoice {
  name: string;
  dialect: string;
  port?: number;
}

export const DIALECT_NAMES: readonly string[] = describeDialects().map(({ name }) => name);

/** `stripe`, `stripe:9101`, `stripe-eu=stripe:9101`. */
export function readPspChoice(value: string): PspChoice {
  const [, given, dialectText = '', portText] = /^(?:([^=]*)=)?([^:=]*)(?::(.*))?$/.exec(value) ?? [];
  const dialect = requireOneOf('dialect', dialectText, DIALECT_NAMES);
  return {
    name: given ?? dialect,
    dialect,
    ...(portText === undefined ? {} : { port: readPort('--psp', portText) }),
  };
}
