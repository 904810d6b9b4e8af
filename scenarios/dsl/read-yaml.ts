/**
 * YAML text to data that knows its places: scenario files, plans and target files are read alike.
 * Says what is wrong with the text as YAML; what the data means is checked by its reader.
 */
import { LineCounter, parseDocument } from 'yaml';
import { UserError } from '../../kernel/index.ts';
import { InvalidScenarioError } from './invalid-scenario.ts';
import { yamlSourceMap, type SourceMap } from './source-map.ts';

/** Aliases of one file: enough for whoever does not want to repeat himself, too few for a bomb. */
const MOST_ALIASES = 100;

export interface YamlLimits {
  /** What a sentence calls the file: `a scenario`. */
  what: string;
  mostBytes: number;
  /** What to do when it is longer. */
  tooLong: string;
}

/**
 * @param file what messages call it
 * @throws UserError for text that is too long, InvalidScenarioError with line and column for text that is no YAML
 */
export function readYaml(text: string, file: string, limits: YamlLimits): { data: unknown; source: SourceMap } {
  const { what, mostBytes, tooLong } = limits;
  if (Buffer.byteLength(text) > mostBytes)
    throw new UserError(`${file}: ${what} of more than ${mostBytes} bytes is not read`, tooLong);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const broken = document.errors[0];
  if (broken !== undefined) {
    const { line, col } = lines.linePos(broken.pos[0]);
    throw new InvalidScenarioError(
      `${file}:${line}:${col}`,
      `this is not valid YAML: ${broken.message}`,
      'Correct the line; a text that begins with a brace needs quotes.',
    );
  }
  return {
    data: document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown,
    source: yamlSourceMap(file, document, lines),
  };
}
