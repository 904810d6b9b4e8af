/**
 * Strange events: what a PSP sends although no change of its books makes it. The dialect may
 * write them itself (`Dialect.strange`); otherwise words are replaced in the text of an ordinary
 * event, so that spacing, order and everything else stays as that PSP writes it.
 */
import type { Random } from '../../kernel/index.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { WebhookDraft } from '../dialects/webhook.ts';
import type { StrangeKind } from '../faults/effects.ts';
import { foreignText } from '../faults/foreign-text.ts';
import { copyOf } from './copy-draft.ts';
import type { Tampering } from './message.ts';

export interface StrangeMessage {
  readonly draft: WebhookDraft;
  readonly tampered: Tampering;
  /** True: only the key tells it from a true one, because the PSP's events do not say their environment. */
  readonly otherKey: boolean;
}

/** Fields that hold the type of an event, where the type itself is not found in the body. */
const TYPE_FIELD = /("(?:event_?type|eventCode|event|type)"\s*:\s*")([^"]*)"/i;

/** Words by which PSPs tell their environments apart, everywhere in an event, and what the other one says. */
const ENVIRONMENT: readonly (readonly [RegExp, string])[] = [
  [/("livemode"\s*:\s*)false/g, '$1true'],
  [/("livemode"\s*:\s*)true/g, '$1false'],
  [/("live"\s*:\s*")false"/g, '$1true"'],
  [/("live"\s*:\s*")true"/g, '$1false"'],
  [/("(?:mode|environment)"\s*:\s*")(?:test|sandbox)"/g, '$1live"'],
  [/("(?:mode|environment)"\s*:\s*")live"/g, '$1test"'],
];

/** Null: this PSP's events cannot say so. `about`: PSP references that the event is about, besides its own. */
export function strangeMessage(
  setting: { dialect: Dialect; psp: { name: string; random: Random } },
  draft: WebhookDraft,
  kind: StrangeKind,
  about: readonly string[],
): StrangeMessage | null {
  const own = setting.dialect.strange?.(draft, kind);
  if (own === null) return null;
  switch (kind) {
    case 'unknown-type':
      return renamed(draft, own);
    case 'wrong-environment':
      return elsewhere(draft, own);
    default:
      return foreign(setting.psp, draft, { kind, about, own });
  }
}

function renamed(draft: WebhookDraft, own: string | undefined): StrangeMessage | null {
  const type = unheardOf(draft.type);
  const named = draft.body.includes(draft.type)
    ? draft.body.replaceAll(draft.type, type)
    : draft.body.replace(TYPE_FIELD, `$1${type}"`);
  const body = own ?? named;
  if (body === draft.body) return null;
  return { draft: copyOf(draft, { type, body }), tampered: 'type', otherKey: false };
}

/** In the PSP's own style: `ASSAY_UNHEARD_OF`, `payment.assay_unheard_of`. */
function unheardOf(type: string): string {
  if (type !== '' && type === type.toUpperCase()) return 'ASSAY_UNHEARD_OF';
  const cut = type.indexOf('.');
  return cut < 0 ? 'assay_unheard_of' : `${type.slice(0, cut)}.assay_unheard_of`;
}

function elsewhere(draft: WebhookDraft, own: string | undefined): StrangeMessage {
  const change = ENVIRONMENT.find(([pattern]) => draft.body.search(pattern) >= 0);
  const body = own ?? (change === undefined ? draft.body : draft.body.replace(change[0], change[1]));
  return { draft: copyOf(draft, { body }), tampered: 'environment', otherKey: body === draft.body };
}

function foreign(
  psp: { name: string; random: Random },
  draft: WebhookDraft,
  options: { kind: StrangeKind; about: readonly string[]; own: string | undefined },
): StrangeMessage | null {
  const { claim } = draft;
  const other = (text: string): string =>
    foreignText(text, (label) => psp.random.unit('foreign-text', psp.name, text, label));
  const ids = [...new Set([claim.pspReference, ...options.about])].filter((id) => id !== '');
  const references = options.kind === 'foreign-payment' && claim.reference !== null ? [claim.reference] : [];
  const body =
    options.own ?? [...ids, ...references].reduce((text, known) => text.replaceAll(known, other(known)), draft.body);
  if (body === draft.body) return null;
  const reference = claim.reference === null || references.length === 0 ? claim.reference : other(claim.reference);
  return {
    draft: copyOf(draft, { body, claim: { ...claim, pspReference: other(claim.pspReference), reference } }),
    tampered: 'reference',
    otherKey: false,
  };
}
