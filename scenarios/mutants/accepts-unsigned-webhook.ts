/** The signature is checked where there is one; a request without the header passes. */
import type { WebhookVerifier, WebhookVerifiers } from '../../reference-service/index.ts';
import type { Mutant } from './mutant.ts';

function onlyWhenPresent(verifier: WebhookVerifier): WebhookVerifier {
  return {
    verify: (input) => {
      const verdict = verifier.verify(input);
      return verdict.kind === 'invalid_signature' && verdict.reason === 'missing' ? { kind: 'verified' } : verdict;
    },
  };
}

export const acceptsUnsignedWebhook: Mutant = {
  name: 'accepts-unsigned-webhook',
  title: 'Accepts a webhook without a signature',
  breaks: 'The check is skipped when the signature is missing, so anybody can announce a payment.',
  precedent: 'doocs/md pull request 1656: a forged payment callback was believed',
  mutation: () => ({
    parts: ({ webhookVerifiers }) => ({
      webhookVerifiers: Object.fromEntries(
        Object.entries(webhookVerifiers).map(([dialect, verifier]) => [dialect, onlyWhenPresent(verifier)]),
      ) as WebhookVerifiers,
    }),
  }),
};
