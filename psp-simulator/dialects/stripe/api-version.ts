/**
 * Stripe's API versions. A request may name one in `Stripe-Version`; one that never existed is
 * refused. Objects are always rendered in the version that this dialect speaks.
 */
import { API_VERSION } from './event.ts';
import { invalid } from './errors.ts';

/** Before September 2024 a version was a bare date; the first published one is of 2011. */
const FIRST_DATED = '2011-01-01';
const LAST_DATED = '2024-06-20';

/** Since then a release has a name, and the monthly versions of a release share it. */
const RELEASES = ['acacia', 'basil', 'clover', 'dahlia', 'endive'];
const FIRST_NAMED = '2024-09-30';

/** Throws the problem for a version that Stripe does not have. Feature headers after it (`; name=v1`) are left alone. */
export function checkVersion(header: string | undefined): void {
  if (header === undefined) return;
  const version = header.split(';')[0]?.trim() ?? '';
  const [, date = '', name] = /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?:\.([a-z]+))?$/.exec(version) ?? [];
  const newest = API_VERSION.slice(0, 10);
  const known =
    name === undefined
      ? FIRST_DATED <= date && date <= LAST_DATED
      : (RELEASES.includes(name) || name === 'preview') && FIRST_NAMED <= date && date <= newest;
  if (!known) throw invalid(`Invalid Stripe API version: ${version}`);
}
