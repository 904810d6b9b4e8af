/**
 * An identifier that looks like a given one and is nobody's: digits stay digits, letters stay
 * letters, what stands before the last `_` or `-` stays as it is.
 */
import type { Draw } from './fault.ts';

const SMALL = 'abcdefghijklmnopqrstuvwxyz';
const CAPITALS = SMALL.toUpperCase();
const DIGITS = '0123456789';

/** Never equal to `text` unless it holds nothing that can change. */
export function foreignText(text: string, draw: Draw): string {
  const cut = Math.max(text.lastIndexOf('_'), text.lastIndexOf('-')) + 1;
  // An identifier that ends in its separator has nothing behind it to change.
  const kept = cut === text.length ? '' : text.slice(0, cut);
  const turned = [...text.slice(kept.length)].map((character, index) => turn(character, draw(`foreign-${index}`)));
  return kept + turned.join('');
}

/** Another character of the same kind: the step is never a whole turn. */
function turn(character: string, unit: number): string {
  const kind = [SMALL, CAPITALS, DIGITS].find((one) => one.includes(character));
  if (kind === undefined) return character;
  const step = 1 + Math.floor(unit * (kind.length - 1));
  return kind[(kind.indexOf(character) + step) % kind.length] ?? character;
}
