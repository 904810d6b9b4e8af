/** What `assay target init` has to know for a first target file, and the text that it makes of it. */
export interface Proposal {
  name: string;
  dialect: string;
  /** Empty: the service runs already at `url`. */
  command: string;
  url: string;
  depositCall: string;
  /** Fields of the body: name and template. */
  depositBody: Record<string, string>;
  amounts: string;
  /** Where in the answer of a deposit things stand; empty for what it does not have. */
  id: string;
  status: string;
  redirect: string;
  statusCall: string;
  statusPath: string;
  /** The service's words, comma-separated. */
  succeeded: string;
  pending: string;
  declined: string;
  balanceCall: string;
  balancePath: string;
  entriesCall: string;
  entriesList: string;
  entryId: string;
  entryPayment: string;
  entryAmount: string;
}

/** What most small services look like. */
export const USUAL: Proposal = {
  name: 'my-shop',
  dialect: 'stripe',
  command: 'npm start',
  url: 'http://127.0.0.1:3000',
  depositCall: 'POST /orders',
  depositBody: { player: '{player}', amount: '{amount}', currency: '{currency}', card: '{card}' },
  amounts: 'major',
  id: 'id',
  status: 'status',
  redirect: 'redirect_url',
  statusCall: 'GET /orders/{id}',
  statusPath: 'status',
  succeeded: 'paid',
  pending: 'pending',
  declined: 'failed',
  balanceCall: 'GET /players/{player}',
  balancePath: 'balance',
  entriesCall: 'GET /players/{player}/entries',
  entriesList: 'entries',
  entryId: 'id',
  entryPayment: 'order',
  entryAmount: 'amount',
};

/** Ports of PSPs that a running service must be told beforehand, as `assay psp` gives them. */
const FIRST_PORT = 9_101;

/** The fields by which each dialect's credentials are called, for `start.env`. */
const SECRETS: Readonly<Record<string, readonly string[]>> = {
  acme: ['apiKey', 'webhookSecret'],
  stripe: ['apiKey', 'webhookSecret'],
  adyen: ['apiKey', 'merchantAccount', 'hmacKey'],
  checkout: ['secretKey', 'webhookSecret'],
  paypal: ['clientId', 'clientSecret'],
  mollie: ['apiKey'],
  'open-banking': ['accessToken'],
};

export function targetText(proposal: Proposal): string {
  const { name, dialect, command, depositBody, redirect, entriesCall } = proposal;
  const answer = [`id: ${proposal.id}`, ...given('status', proposal.status), ...given('redirect', redirect)].join(', ');
  const body = Object.entries(depositBody).map(([field, template]) => `${field}: "${template}"`);
  const runs = command === '';
  return [
    `name: ${name}`,
    'psps:',
    `  ${dialect}: { dialect: ${dialect}, webhooks: "{base}/webhooks/${dialect}"${runs ? `, port: ${FIRST_PORT}` : ''} }`,
    ...(runs ? [`url: ${proposal.url}`] : startLines(dialect, command)),
    'currencies: [EUR]',
    `amounts: ${proposal.amounts}`,
    'deposit:',
    `  call: ${withBase(proposal.depositCall)}`,
    `  body: { ${body.join(', ')} }`,
    `  answer: { ${answer} }`,
    `  status: { call: "${withBase(proposal.statusCall)}", answer: { status: ${proposal.statusPath} } }`,
    `states: { ${states(proposal)} }`,
    'observe:',
    ...(proposal.balanceCall === ''
      ? []
      : [`  balance: { call: "${withBase(proposal.balanceCall)}", answer: { available: ${proposal.balancePath} } }`]),
    ...(entriesCall === ''
      ? []
      : [
          `  entries: { call: "${withBase(entriesCall)}", ${given('list', proposal.entriesList)
            .map((text) => `${text}, `)
            .join(
              '',
            )}answer: { id: ${proposal.entryId}, payment: ${proposal.entryPayment}, amount: ${proposal.entryAmount} } }`,
        ]),
    '  cases: none # or how open questions for a person are read',
    '',
  ].join('\n');
}

function startLines(dialect: string, command: string): string[] {
  const prefix = dialect.toUpperCase().replaceAll('-', '_');
  const secrets = SECRETS[dialect] ?? [];
  return [
    'start:',
    `  command: ${command}`,
    '  env:',
    '    PORT: "{port}"',
    `    ${prefix}_URL: "{${dialect}.url}"`,
    ...secrets.map(
      (field) => `    ${prefix}_${field.replaceAll(/[A-Z]/g, '_$&').toUpperCase()}: "{${dialect}.${field}}"`,
    ),
  ];
}

function given(field: string, path: string): string[] {
  return path === '' ? [] : [`${field}: ${path}`];
}

function states({ succeeded, pending, declined }: Proposal): string {
  const words = (text: string, meaning: string): string[] =>
    text.split(',').flatMap((word) => (word.trim() === '' ? [] : [`${word.trim()}: ${meaning}`]));
  return [...words(pending, 'pending'), ...words(succeeded, 'succeeded'), ...words(declined, 'declined')].join(', ');
}

/** `POST /orders` or `POST {base}/orders`. */
function withBase(call: string): string {
  return call.replace(/^([A-Z]+) \//, '$1 {base}/');
}
