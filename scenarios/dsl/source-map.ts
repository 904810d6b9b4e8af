/**
 * Where in a scenario file a value stands: path of keys and indexes to line and column, from
 * the node ranges that the YAML parser keeps. Scenarios written in TypeScript have no file;
 * for them the path itself is the place.
 */
import { isMap, isNode, isScalar, isSeq, type Document, type LineCounter, type Node } from 'yaml';

export type Path = readonly (string | number)[];

export interface SourceMap {
  /** `file:line:column` of the value at `path`; with `key`, of that key inside it. */
  placeOf(path: Path, key?: string): string;
}

/** Places in YAML text; both numbers start at 1. */
export function yamlSourceMap(file: string, document: Document, lines: LineCounter): SourceMap {
  return {
    placeOf(path, key) {
      const node = nodeAt(document.contents, path);
      const target = (key === undefined ? undefined : keyNode(node, key)) ?? node ?? document.contents;
      const offset = isNode(target) ? (target.range?.[0] ?? 0) : 0;
      const { line, col } = lines.linePos(offset);
      return `${file}:${line}:${col}`;
    },
  };
}

/** Places in an object: `my-scenario at faults[0].psp`. */
export function objectSourceMap(name: string): SourceMap {
  return {
    placeOf(path, key) {
      const where = pathText(key === undefined ? path : [...path, key]);
      return where === '' ? name : `${name} at ${where}`;
    },
  };
}

/** `traffic[0].amount` */
export function pathText(path: Path): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}

function nodeAt(root: unknown, path: Path): Node | undefined {
  let node: unknown = root;
  let deepest = isNode(root) ? root : undefined;
  for (const step of path) {
    if (isMap(node)) node = node.get(step, true);
    else if (isSeq(node)) node = node.get(Number(step), true);
    else break;
    if (isNode(node)) deepest = node;
  }
  return deepest;
}

function keyNode(node: Node | undefined, key: string): Node | undefined {
  if (!isMap(node)) return undefined;
  const found = node.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.key;
  return isNode(found) ? found : undefined;
}
