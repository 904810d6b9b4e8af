/**
 * The browser came back, so the payment must have gone through. Anybody can type the address
 * of the return page, and a failed challenge comes back too.
 */
import type { Mutant } from './mutant.ts';

export const creditsOnRedirect: Mutant = {
  name: 'credits-on-redirect',
  title: 'Credits when the browser comes back',
  breaks: 'The return page of the challenge credits the wallet, although coming back proves nothing.',
  mutation: () => ({
    parts: ({ onReturn }) => ({
      onReturn: async (visit, tools) => {
        await onReturn(visit, tools);
        const { payment, attempt } = visit;
        if (attempt === null) return;
        await tools.learn({
          source: 'query',
          outcome: 'succeeded',
          psp: attempt.psp,
          pspReference: attempt.pspReference,
          money: { amountMinor: payment.amountMinor, currency: payment.currency },
          code: null,
          declineClass: null,
          redirectUrl: null,
          eventId: null,
        });
      },
    }),
  }),
};
