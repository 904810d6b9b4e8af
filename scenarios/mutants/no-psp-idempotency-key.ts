/**
 * Each call gets a key of its own, so the PSP cannot tell a repetition from a second payment.
 * As good as sending none.
 */
import { createPspAdapter } from '../../reference-service/index.ts';
import type { Mutant } from './mutant.ts';

export const noPspIdempotencyKey: Mutant = {
  name: 'no-psp-idempotency-key',
  title: 'Repeats a call to the PSP under a new key',
  breaks: 'The key is made for each call instead of once for each attempt, so a repeated call pays again.',
  precedent: 'akash-network/console pull request 3449: customers were charged two and three times',
  mutation: () => ({
    parts: () => ({
      createPspAdapter: (config, ports) => {
        const adapter = createPspAdapter(config, ports);
        const withNewKey = <T extends { idempotencyKey: string }>(attempt: T): T => ({
          ...attempt,
          idempotencyKey: ports.ids.next('key'),
        });
        return Object.assign(Object.create(adapter) as typeof adapter, {
          createPayment: (...[attempt, options]: Parameters<typeof adapter.createPayment>) =>
            adapter.createPayment(withNewKey(attempt), options),
          createPayout: (...[attempt]: Parameters<typeof adapter.createPayout>) =>
            adapter.createPayout(withNewKey(attempt)),
        });
      },
    }),
  }),
};
