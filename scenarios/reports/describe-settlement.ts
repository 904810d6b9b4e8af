/** Events about settlement in plain words: what PSPs closed, and what the operator brought to the target. */
import { money } from '../history/index.ts';
import type { HistoryEvent } from '../history/index.ts';
import type { Description } from './describe-event.ts';

type Value = Readonly<Record<string, unknown>>;

/** Undefined for an event about anything else. */
export function describeSettlement(event: HistoryEvent, value: Value): Description | undefined {
  const run = { lane: 'run', who: 'operator', tone: 'plain' } as const;
  const word = (name: string): string => (typeof value[name] === 'string' ? value[name] : '');
  const transfer = money(Number(value['transfer_minor'] ?? 0), word('currency') || 'EUR');
  switch (event.f) {
    case 'settlement':
      return {
        lane: 'psp',
        who: word('psp'),
        text: `settles ${word('batch')}: ${String(value['lines'])} lines, ${transfer} to the bank`,
        tone: 'plain',
      };
    case 'settlement-batch': {
      const lines = Array.isArray(value['lines']) ? value['lines'].length : 0;
      return { ...run, text: `downloads ${word('batch')}: ${lines} lines, ${transfer} to the bank` };
    }
    case 'settlement-terms':
      return { ...run, text: 'begins to look for settlements' };
    case 'settlements': {
      const count = Array.isArray(value['settlements']) ? value['settlements'].length : 0;
      return { lane: 'service', who: 'service', text: `lists ${count} settlements`, tone: 'plain' };
    }
    case 'import':
      return { ...run, ...describeImport(event, word, value['replayed'] === true) };
    default:
      return undefined;
  }
}

function describeImport(
  event: HistoryEvent,
  word: (name: string) => string,
  replayed: boolean,
): Pick<Description, 'text' | 'tone'> {
  const op = word('op');
  if (event.type === 'invoke') {
    const what = word('kind') === 'bank' ? `what came to the bank for ${word('batch')}` : word('file');
    return { text: `imports ${what} (${op})`, tone: 'plain' };
  }
  if (event.type === 'ok') return { text: `is heard${replayed ? ', a stored answer' : ''} (${op})`, tone: 'good' };
  if (event.type === 'fail') return { text: `is refused: ${word('error')} (${op})`, tone: 'bad' };
  return { text: `gets no answer: ${word('reason') || 'unknown'} (${op})`, tone: 'doubt' };
}
