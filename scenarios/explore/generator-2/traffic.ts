/**
 * Traffic of a generated run: which kinds it has is drawn first (a run with everything in it hides
 * what a run with little in it shows), then each by itself.
 */
import type { Random } from '../../../kernel/index.ts';
import type { Traffic } from '../../dsl/index.ts';
import { drawDeposits, type DepositStyle } from './deposits.ts';
import { OTHER_TRAFFIC } from './other-traffic.ts';
import type { Setting } from './setting.ts';

const MOST_DEPOSITS = 6;

const EARLY_MS = [0, 1_000, 30_000];

export function drawTraffic(draw: Random, setting: Setting): Traffic[] {
  // Settlement files are hunted by themselves: of plain deposits alone it is certain what each file must say.
  if (setting.settles) return drawSettled(draw, setting);
  const others = OTHER_TRAFFIC.filter(({ name, chance }) => draw.chance(chance, 'has', name)).flatMap((kind) =>
    kind.draw(draw.fork('traffic', kind.name), setting),
  );
  const deposits = drawDepositGroups(draw, setting);
  return [...deposits, ...others];
}

function drawSettled(draw: Random, setting: Setting): Traffic[] {
  const count = draw.integer({ min: 3, max: MOST_DEPOSITS }, 'settled');
  return [drawDeposits(draw.fork('settled'), setting, { style: 'plain', count, fromMs: EARLY_MS })].flatMap(
    (entry) => entry ?? [],
  );
}

function drawDepositGroups(draw: Random, setting: Setting): Traffic[] {
  const count = draw.integer({ min: 2, max: MOST_DEPOSITS }, 'deposits');
  const later = [30_000, Math.floor(setting.spanMs / 8), Math.floor(setting.spanMs / 3)];
  const group = (name: string, style: DepositStyle, size: number, fromMs: readonly number[]): Traffic[] => {
    const given = { style, count: size, fromMs };
    const fork = draw.fork('group', name);
    return [drawDeposits(fork, setting, given) ?? drawDeposits(fork, setting, { ...given, style: 'plain' })].flatMap(
      (entry) => entry ?? [],
    );
  };
  switch (draw.pick(['plain', 'plain', 'two groups', 'two groups', 'two steps', 'two steps', 'kept'], 'shape')) {
    case 'plain':
      return group('all', 'plain', count, EARLY_MS);
    case 'two groups':
      return [
        ...group('first', 'plain', Math.ceil(count / 2), EARLY_MS),
        ...group('second', 'plain', Math.ceil(count / 2), later),
      ];
    case 'two steps':
      return [
        ...group('two steps', 'two steps', Math.min(count, 4), EARLY_MS),
        ...(count > 4 ? group('plain', 'plain', 2, later) : []),
      ];
    default:
      return [
        ...group('keep', 'keep', 2, [0]),
        ...group('kept', 'kept', Math.min(count, 3), later),
        ...(draw.chance(0.5, 'removal') ? [{ removals: 1, at: ['5m'], players: 1 }] : []),
      ];
  }
}
