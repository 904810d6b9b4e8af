/** The partner's own test values (cards, tokens, banks) in the place of ours, wherever a call names one. */

export type SwapTestValues = (body: string) => string;

/** @param values ours and theirs; only whole words count: `pm_card_visa` is no part of `pm_card_visa_declined` */
export function testValueSwap(values: Readonly<Record<string, string>>): SwapTestValues {
  const ours = Object.keys(values).sort((a, b) => b.length - a.length);
  if (ours.length === 0) return (body) => body;
  const quoted = ours.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  // In one go, so that what was put in is not replaced again.
  const words = new RegExp(`(?<![A-Za-z0-9_-])(?:${quoted.join('|')})(?![A-Za-z0-9_-])`, 'g');
  return (body) => body.replaceAll(words, (word) => values[word] ?? word);
}
