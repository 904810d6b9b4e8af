/** Every mistake in partner.yaml is one sentence that names the field, with the next step, and repeats no secret. */
import assert from 'node:assert/strict';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../kernel/index.ts';
import { partnerConfig, readPartnerConfig } from './config.ts';
import { planChecks } from './plan.ts';

type Fields = Record<string, unknown>;

const SECRET = 'sk_live_neverShown';
const environment = { API_KEY: SECRET, WEBHOOK_SECRET: 'whsec_neverShown', SHORT: 'abc', EMPTY: '' };

const GOOD: Fields = {
  partner: 'Example Payments',
  dialect: 'stripe',
  base_url: 'https://sandbox.psp.example/',
  credentials: { apiKey: { env: 'API_KEY' }, webhookSecret: { env: 'WEBHOOK_SECRET' } },
};
const webhooks = (fields: Fields): Fields => ({ webhooks: { source: 'receive', ...fields } });
const credentials = (fields: Fields): Fields => ({
  credentials: { ...(GOOD['credentials'] as Fields), ...fields },
});
const deviations = (...list: unknown[]): Fields => ({ deviations: list });
const deviation = { check: 'semantics.unknown-id', reason: 'soon', until: '2099-01-31' };

/** What differs from a good file, and what is said of it. */
const MISTAKES: readonly (readonly [what: string, change: Fields, said: RegExp, advice: RegExp])[] = [
  ['no name', { partner: undefined }, /^partner is missing/, /Add `partner: …`/],
  ['a name that is no text', { partner: 7 }, /^partner is missing or no text/, /example/],
  ['a field that there is none of', { base_uri: 'x' }, /has no field "base_uri"/, /Did you mean base_url\?/],
  ['no dialect', { dialect: undefined }, /^dialect is missing/, /Add `dialect/],
  ['a dialect that there is none of', { dialect: 'strype' }, /dialect "strype" is not known/, /mean stripe\?.*mollie/],
  ['no address', { base_url: undefined }, /^base_url is missing/, /Add/],
  ['an address without a scheme', { base_url: 'psp.example' }, /^base_url is no URL/, /https:\/\//],
  ['an address that is none', { base_url: 'https://[' }, /^base_url is no URL/, /https:\/\//],
  [
    'a password in the address',
    { base_url: `https://u:${SECRET}@psp.example` },
    /^base_url holds a user/,
    /environment/,
  ],
  ['a query in the address', { base_url: 'https://psp.example/?a=1' }, /^base_url has a query/, /up to the \?/],
  [
    'no credentials',
    { credentials: undefined },
    /^credentials\.apiKey is missing, which stripe needs/,
    /PARTNER_API_KEY/,
  ],
  ['credentials that are a text', { credentials: 'x' }, /^credentials has no fields/, /PARTNERS\.md/],
  ['a credential with another name', credentials({ apikey: { env: 'API_KEY' } }), /no field "apikey"/, /apiKey\?/],
  [
    'the secret itself',
    credentials({ apiKey: SECRET }),
    /^credentials\.apiKey is not the name/,
    /\{ env: PARTNER_API_KEY \}/,
  ],
  ['the secret as a name', credentials({ apiKey: { env: SECRET } }), /no variable of that name/, /not the secret/],
  ['a variable that is not set', credentials({ apiKey: { env: 'NO_SUCH' } }), /has no NO_SUCH/, /export NO_SUCH=/],
  ['a variable that is empty', credentials({ apiKey: { env: 'EMPTY' } }), /has no EMPTY/, /export EMPTY=/],
  ['a secret too short to hide', credentials({ apiKey: { env: 'SHORT' } }), /shorter than 6/, /whole secret/],
  ['webhooks that are a text', { webhooks: 'receive' }, /^webhooks has no fields/, /PARTNERS\.md/],
  ['webhooks without a source', { webhooks: {} }, /^webhooks\.source is missing/, /Add/],
  [
    'another source',
    webhooks({ source: 'push' }),
    /webhooks\.source "push" is not known/,
    /receive, pull, folder, none/,
  ],
  ['another field of webhooks', webhooks({ wait: 1 }), /webhooks has no field "wait"/, /Allowed: .*wait_seconds/],
  ['no address to listen on', webhooks({ listen: 'here' }), /webhooks\.listen "here" is no address/, /host:port/],
  ['a port that is none', webhooks({ listen: '127.0.0.1:70000' }), /webhooks\.listen .* is no address/, /host:port/],
  ['a wait that is no number', webhooks({ wait_seconds: '1m' }), /^webhooks\.wait_seconds is no number/, /: 60/],
  ['a negative wait', webhooks({ retry_wait_seconds: -1 }), /^webhooks\.retry_wait_seconds is no number/, /: 600/],
  ['pull without a path', webhooks({ source: 'pull' }), /^webhooks\.path is missing/, /Add/],
  ['pull with a bad path', webhooks({ source: 'pull', path: 'v1' }), /^webhooks\.path does not begin/, /\/v1\/events/],
  ['folder without a folder', webhooks({ source: 'folder' }), /^webhooks\.folder is missing/, /Add/],
  ['a folder that is not there', webhooks({ source: 'folder', folder: 'no' }), /there is no folder .*no/, /receive/],
  ['test values that are a list', { test_values: [1] }, /^test_values has no fields/, /PARTNERS\.md/],
  ['a test value that is no text', { test_values: { a: {} } }, /^test_values\.a is no text/, /one line/],
  ['states without an address', { states: {} }, /^states\.url is missing/, /Add/],
  ['states with another field', { states: { uri: 'x' } }, /states has no field "uri"/, /url/],
  ['states with a bad address', { states: { url: 'x' } }, /^states\.url is no URL/, /https:\/\//],
  ['a document that is not there', { openapi: 'no.yaml' }, /^openapi: there is no file .*no\.yaml/, /beside/],
  ['a document that is none', { openapi: 'none.yaml' }, /is no OpenAPI 3\.1 document/, /openapi: 3\.1\.0/],
  ['a signer that is a text', { vectors: { command: './sign' } }, /^vectors\.command is no command/, /list/],
  ['a signer that is empty', { vectors: { command: [] } }, /^vectors\.command is no command/, /list/],
  ['patience that is no number', { patience_seconds: 'much' }, /^patience_seconds is no number/, /: 10/],
  ['deviations that are no list', { deviations: {} }, /^deviations is not a list/, /check, reason and until/],
  [
    'a deviation without an end',
    deviations({ ...deviation, until: undefined }),
    /^deviations\[0\]\.until is no date/,
    /2027/,
  ],
  ['a deviation until no day', deviations({ ...deviation, until: '2099-13-01' }), /\[0\]\.until is no date/, /2027/],
  [
    'a deviation without a reason',
    deviations(deviation, { ...deviation, reason: '' }),
    /\[1\]\.reason is missing/,
    /Add/,
  ],
  ['a deviation without a check', deviations({ ...deviation, check: undefined }), /\[0\]\.check is missing/, /Add/],
];

describe('partner.yaml', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'assay-partner-'));
    writeFileSync(join(folder, 'none.yaml'), 'swagger: "2.0"\n');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const read = (change: Fields): unknown => partnerConfig({ ...GOOD, ...change }, { folder, environment });
  const refused = (work: () => unknown): UserError => {
    try {
      work();
    } catch (error) {
      if (error instanceof UserError) return error;
      throw error;
    }
    throw new assert.AssertionError({ message: 'it was taken' });
  };

  it('is taken when it is right, with the values that are left out', () => {
    const config = partnerConfig(GOOD, { folder, environment });
    assert.equal(config.baseUrl, 'https://sandbox.psp.example');
    assert.equal(config.credentials['apiKey'], SECRET);
    assert.equal(config.webhooks.source, 'none');
    assert.equal(config.patienceMs, 10_000);
  });

  for (const [what, change, said, advice] of MISTAKES) {
    it(`is refused with ${what}`, () => {
      const error = refused(() => read(change));
      assert.match(error.message, said);
      assert.match(error.advice, advice);
      assert.equal(error.exitCode, 254);
      assert.ok(!`${error.message}${error.advice}`.includes(SECRET), error.message);
      assert.ok(!error.message.includes('\n'), 'one sentence');
    });
  }

  it('is refused when it is not there, is a folder, is no YAML, or is a list', () => {
    const path = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    mkdirSync(join(folder, 'partner.d'));
    for (const [file, said] of [
      [join(folder, 'gone.yaml'), /there is no file .*gone\.yaml/],
      [join(folder, 'partner.d'), /partner\.d cannot be read/],
      [path('bad.yaml', `partner: "x\napiKey: ${SECRET}\n`), /bad\.yaml is not YAML/],
      [path('list.yaml', '- a\n'), /list\.yaml has no fields/],
      [path('empty.yaml', ''), /empty\.yaml has no fields/],
    ] as const) {
      const error = refused(() => readPartnerConfig(file));
      assert.match(error.message, said);
      assert.notEqual(error.advice, '');
      assert.ok(!error.message.includes(SECRET), error.message);
    }
  });

  it('names checks that there are, and so does --only', () => {
    const plan = (change: Fields, only: string[]): unknown =>
      planChecks({ config: partnerConfig({ ...GOOD, ...change }, { folder, environment }), only });
    const wish = refused(() => plan({}, ['semantics.monney']));
    assert.match(wish.message, /no check of this run is called "semantics\.monney"/);
    assert.match(wish.advice, /Did you mean semantics\.money\?.*--list/);
    const named = refused(() => plan(deviations({ ...deviation, check: 'semantics.nothing' }), []));
    assert.match(named.message, /^deviations\[0\]\.check: no check of this run/);
    assert.match(refused(() => plan({}, ['webhooks.*'])).message, /no check of this run is called "webhooks\.\*"/);
  });
});
