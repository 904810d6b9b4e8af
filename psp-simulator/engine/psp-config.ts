/** What a scenario or a person says about one simulated PSP, and its check. */
import { UserError } from '../../kernel/index.ts';
import { DIALECTS } from '../dialects/index.ts';
import type { PspProfile } from '../dialects/profile.ts';
import { ANY_TARGET } from '../webhooks/guard-targets.ts';
import type { WebhookTargets } from '../webhooks/guard-targets.ts';
import { profileProblem } from './read-profile.ts';

export interface PspConfig {
  /** Unique in one simulator; lower-case letters, digits and hyphens, at most 32 characters. */
  name: string;
  dialect: string;
  /** Where its events go; can be set later through the control API. */
  webhookUrl?: string;
  /** TCP only; 0 or absent lets the system choose. */
  port?: number;
  profile?: Partial<PspProfile>;
}

/** Throws a UserError in one sentence. */
export function checkConfigs(configs: readonly PspConfig[], targets: WebhookTargets = ANY_TARGET): void {
  const names = new Set<string>();
  for (const { name, dialect, profile, webhookUrl } of configs) {
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(name)) {
      throw new UserError(
        `"${name}" cannot be the name of a PSP`,
        'Use 1 to 32 lower-case letters, digits and hyphens, beginning with a letter.',
      );
    }
    if (names.has(name)) throw new UserError(`two PSPs are named "${name}"`, 'Give each PSP a name of its own.');
    names.add(name);
    if (DIALECTS[dialect] === undefined) {
      throw new UserError(
        `unknown dialect "${dialect}" of PSP "${name}"`,
        `Choose one of ${Object.keys(DIALECTS).join(', ')}.`,
      );
    }
    const problem = profileProblem(profile ?? {}) ?? urlProblem(webhookUrl, targets);
    if (problem !== undefined) throw new UserError(`PSP "${name}": ${problem}`, 'Correct the value.');
  }
}

/** What is wrong with a webhook URL, or undefined. */
export function urlProblem(url: string | undefined, targets: WebhookTargets): string | undefined {
  if (url === undefined) return undefined;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return targets.problem(parsed.href);
  return `the webhook URL ${JSON.stringify(url)} must be an absolute http or https URL`;
}
