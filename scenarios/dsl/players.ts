/**
 * The players of a run: names for people who read reports, countries and devices for routing.
 * Each is drawn from the seed and its own number alone, so a fifth player never changes the
 * first four.
 */
import { Faker, en } from '@faker-js/faker';
import type { Random } from '../../kernel/index.ts';
import type { Player } from './plan.ts';

/** Where players of a European platform come from. */
const COUNTRIES = ['DE', 'FR', 'ES', 'IT', 'NL', 'SE', 'FI', 'NO', 'DK', 'AT', 'PL', 'PT', 'IE', 'GR', 'CZ'] as const;
const DEVICES = ['mobile', 'mobile', 'mobile', 'desktop', 'tablet'] as const;

/** Player number `number` (from 1) of the run. */
export function drawPlayer(random: Random, number: number): Player {
  const id = `player-${number}`;
  const faker = new Faker({ locale: [en] });
  faker.seed(random.integer({ min: 0, max: 0x7fffffff }, 'player-name', id));
  return {
    id,
    name: faker.person.fullName(),
    country: random.pick(COUNTRIES, 'player-country', id),
    device: random.pick(DEVICES, 'player-device', id),
  };
}
