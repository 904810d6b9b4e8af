/**
 * Questions at a terminal, each with a default. Answers may come through a pipe as well, one per
 * line; when they run out, the defaults hold.
 */
import { createInterface } from 'node:readline';

export interface Asker {
  /** The answer, or `byDefault` for an empty line. */
  ask(question: string, byDefault: string): Promise<string>;
  close(): void;
}

export interface AskerStreams {
  input: NodeJS.ReadableStream & { isTTY?: boolean };
  output: NodeJS.WritableStream;
}

/** Takes every default without a word. */
export const silentAsker: Asker = { ask: (_question, byDefault) => Promise.resolve(byDefault), close: () => undefined };

export function createAsker({ input, output }: AskerStreams): Asker {
  const lines: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  let ended = false;
  const reader = createInterface({ input, output, terminal: input.isTTY === true });
  reader.on('line', (line) => {
    const next = waiting.shift();
    if (next === undefined) lines.push(line);
    else next(line);
  });
  reader.on('close', () => {
    ended = true;
    for (const next of waiting.splice(0)) next('');
  });
  return {
    ask: async (question, byDefault) => {
      reader.setPrompt(`${question}${byDefault === '' ? '' : ` [${byDefault}]`}: `);
      if (!ended) reader.prompt();
      const line = lines.shift() ?? (ended ? '' : await new Promise<string>((resolve) => waiting.push(resolve)));
      return line.trim() === '' ? byDefault : line.trim();
    },
    close: () => reader.close(),
  };
}
