/** The signature of a dialect's webhook on its own, for those who hold it against vectors. */
import { bug } from '../../kernel/index.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { DIALECTS } from '../dialects/index.ts';

export function signWebhook(dialect: string, request: Parameters<Dialect['sign']>[0]): ReturnType<Dialect['sign']> {
  return (DIALECTS[dialect] ?? bug(`there is no dialect ${dialect}`)).sign(request);
}
