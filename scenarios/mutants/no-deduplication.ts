/** PSPs deliver at least once; this service believes that they deliver exactly once. */
import { dropInboxKey, listInbox } from './list-inbox.ts';
import type { Mutant } from './mutant.ts';
import { onlyNet } from './only-net.ts';

export const noDeduplication: Mutant = {
  name: 'no-deduplication',
  title: 'Processes every delivery of an event',
  breaks: 'A webhook that arrives twice is processed twice, because nobody remembers event ids.',
  precedent: 'pinelab Vendure plugins issue 620: one order was settled three times by repeated webhooks',
  mutation: () => onlyNet(() => listInbox(() => Promise.resolve(false)), dropInboxKey),
};
