/**
 * The signature vectors hold five independent writings together: the one that made them
 * (`scripts/vectors`), the simulator that signs, the service that verifies, the partner command,
 * and the official SDKs that can verify. A mistake in one of them stands alone.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import validatorModule from '@adyen/api-library/lib/src/utils/hmacValidator.js';
import { flattenedVerify, importJWK, type JWK } from 'jose';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { SignatureValidator } from 'mollie-api-typescript/utils/webhooks/signature_validator.js';
import {
  createActivity,
  createHistoryWriter,
  createKeyedIds,
  createKeyedRandom,
  createRealClock,
  createMemoryNetwork,
} from '../../kernel/index.ts';
import { createSimulator, signWebhook, type RunningPsp } from '../../psp-simulator/index.ts';
import { signedHeaders, signerOf, webhookVerifiers, type PspDialect } from '../../reference-service/index.ts';
import { bytesOf, readVectors, SCHEMES, vectorPath, type VectorCase, type VectorFile } from '../index.ts';
import { checkSignature } from '../verify/signatures/check.ts';
import { vectorText } from '../../scripts/vectors/files.ts';

const files = SCHEMES.map((scheme) => readVectors(scheme));
const lowerCase = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
const fileOf = (scheme: string): VectorFile => files.find((file) => file.scheme === scheme)!;
const isJson = (text: string): boolean => text.trimStart().startsWith('{');

/** Says which vectors came out otherwise; nothing when none did. */
async function deviations(file: VectorFile, judge: (one: VectorCase) => unknown): Promise<string[]> {
  const found: string[] = [];
  for (const one of file.cases) {
    const got = await judge(one);
    if (got !== undefined && got !== one.expect) found.push(`${one.id}: expected ${one.expect}, got ${String(got)}`);
  }
  return found;
}

/** Yes or no, of an SDK that says no more; a case that it is known to see otherwise must still be seen so. */
const yesOrNo =
  (sdk: string, accepts: (one: VectorCase) => unknown) =>
  async (one: VectorCase): Promise<string | undefined> => {
    const accepted = await Promise.resolve()
      .then(() => accepts(one))
      .then(Boolean, () => false);
    const expected = (one.expect === 'valid') !== (one.differs?.[sdk] !== undefined);
    return accepted === expected ? undefined : accepted ? 'accepted' : 'refused';
  };

describe('signature vectors', function () {
  this.timeout(30_000);

  for (const file of files) {
    describe(file.scheme, () => {
      it('is what the script writes, byte for byte', () => {
        assert.equal(readFileSync(vectorPath(file.scheme), 'utf8'), vectorText(file.scheme), 'run `npm run vectors`');
      });

      it('has the cases that every scheme needs, each under its own name', () => {
        const ids = file.cases.map(({ id }) => id);
        assert.equal(new Set(ids).size, ids.length);
        const wanted = ['plain', 'unicode', 'number-spelling', 'crlf', 'empty', 'one-mebibyte', 'key-order', 'header-case']
          .concat(['rotation-old-key', 'retired-key', 'several-signatures', 'flipped-bit-body', 'flipped-bit-signature'])
          .concat(file.tolerance_seconds === null ? [] : ['at-tolerance', 'beyond-tolerance', 'future']);
        assert.deepEqual(wanted.filter((id) => !ids.includes(id)), []);
        assert.ok(ids.some((id) => id.startsWith('unknown-version')));
      });

      it('is judged the same by the partner command', async () => {
        const judge = (one: VectorCase): string =>
          checkSignature(
            file.scheme,
            { body: bytesOf(one.body), headers: one.headers, ...(one.path === undefined ? {} : { path: one.path }) },
            { keys: { ...file.keys, ...one.keys }, receivedAtMs: one.received_at * 1000, toleranceSeconds: 300 },
          );
        assert.deepEqual(await deviations(file, judge), []);
      });
    });
  }

  describe('the service', () => {
    for (const file of files.filter(({ scheme }) => scheme !== 'standard-webhooks')) {
      it(`judges those of ${file.scheme} the same`, async () => {
        const verifier = webhookVerifiers[file.scheme as PspDialect];
        assert.ok(verifier);
        assert.deepEqual(
          await deviations(file, (one) => {
            const verdict = verifier.verify({
              rawBody: bytesOf(one.body),
              headers: lowerCase(one.headers),
              ...(one.path === undefined ? {} : { path: one.path }),
              credentials: { ...file.keys, ...one.keys },
              receivedAtMs: one.received_at * 1000,
              toleranceMs: 300_000,
            });
            // Signed well, but no event: that is another question, asked afterwards.
            if (verdict.kind === 'malformed') return isJson(bytesOf(one.body).toString('utf8')) ? 'malformed' : 'valid';
            if (verdict.kind === 'verified') return 'valid';
            return verdict.kind === 'unsigned' ? 'unsigned' : verdict.reason;
          }),
          [],
        );
      });
    }

    it('signs what it sends to the platform as the vectors do', () => {
      const file = fileOf('standard-webhooks');
      const signable = file.cases.filter(({ sign }) => sign !== undefined);
      assert.ok(signable.length > 8);
      for (const { id, body, headers, sign } of signable) {
        const signer = signerOf(file.signing_keys[sign!.key]);
        assert.ok(signer);
        const made = signedHeaders([signer], {
          id: 'evt_1',
          timestampSeconds: sign!.at,
          body: bytesOf(body).toString('utf8'),
        });
        assert.deepEqual(made, headers, id);
      }
    });
  });

  describe('the simulator', () => {
    const NAMES: Record<string, string> = { acme: 'webhookSecret', stripe: 'webhookSecret', checkout: 'webhookKey' };
    const keyName: Record<string, string> = { ...NAMES, mollie: 'webhookSecret', adyen: 'hmacKey' };
    const request = (one: VectorCase, credentials: Record<string, string>) => ({
      body: bytesOf(one.unsigned ?? one.body).toString('utf8'),
      key: 'current' as const,
      form: 'signed' as const,
      atMs: (one.sign?.at ?? one.received_at) * 1000,
      credentials,
    });

    for (const [scheme, name] of Object.entries(keyName)) {
      it(`makes the very signatures of ${scheme}`, () => {
        const file = fileOf(scheme);
        for (const one of file.cases.filter(({ sign }) => sign !== undefined)) {
          // Mollie's dialect takes what is no JSON for the classic form, which is never signed.
          if (scheme === 'mollie' && !isJson(bytesOf(one.body).toString('utf8'))) continue;
          const made = signWebhook(scheme, request(one, { [name]: file.signing_keys[one.sign!.key] }));
          const received = Buffer.from(made.body, 'utf8');
          assert.ok(received.equals(bytesOf(one.body)), one.id);
          if (one.unsigned !== undefined) continue;
          for (const [header, value] of Object.entries(lowerCase(one.headers)))
            assert.equal(made.headers[header], value, `${one.id}: ${header}`);
        }
      });
    }

    describe('whose keys cannot be chosen', () => {
      const clock = createRealClock();
      const activity = createActivity();
      const network = createMemoryNetwork({ clock, activity });
      let psps: readonly RunningPsp[] = [];
      let close = (): Promise<void> => Promise.resolve();
      before(async () => {
        const ports = {
          clock,
          wireClock: clock,
          network,
          random: createKeyedRandom('vectors'),
          ids: createKeyedIds('vectors'),
          history: createHistoryWriter({ clock }),
          activity,
        };
        const named = ['paypal', 'open-banking'].map((dialect) => ({ name: dialect, dialect }));
        const simulator = await createSimulator({ ports, psps: named });
        psps = simulator.psps;
        close = () => simulator.close();
      });
      after(() => close());
      const fetched = async (url: string): Promise<string> =>
        (await network.request({ method: 'GET', url, timeoutMs: 20_000 })).body.toString('utf8');

      for (const dialect of ['paypal', 'open-banking'] as const) {
        it(`signs every message of ${dialect} so that the partner command accepts it under the published key`, async () => {
          const file = fileOf(dialect);
          const psp = psps.find((one) => one.dialect === dialect)!;
          for (const one of file.cases.filter(({ sign }) => sign?.key === 'current')) {
            const targetUrl = `http://merchant.example${one.path ?? '/'}`;
            // A message of PayPal's own begins with its id; any other is a mocked one, signed for this webhook id.
            const credentials = { ...psp.credentials, webhookId: 'WEBHOOK_ID' };
            const made = signWebhook(dialect, { ...request(one, credentials), pspUrl: psp.url, targetUrl });
            const keys = {
              webhookId: 'WEBHOOK_ID',
              webhookCertificate: await fetched(made.headers['paypal-cert-url'] ?? psp.url),
              webhookJwks: await fetched(`${psp.url}/.well-known/jwks`),
            };
            const message = { body: Buffer.from(made.body, 'utf8'), headers: { ...made.headers }, path: one.path ?? '/' };
            const checking = { keys, receivedAtMs: one.received_at * 1000, toleranceSeconds: 300 };
            assert.equal(checkSignature(dialect, message, checking), one.expect, one.id);
          }
        });
      }
    });
  });

  describe('the SDKs', () => {
    it("Stripe's own check says the same", async () => {
      const file = fileOf('stripe');
      const accepts = (one: VectorCase): unknown =>
        file.keys['webhookSecret']!.split(',').some((secret) => {
          try {
            const header = lowerCase(one.headers)['stripe-signature'] ?? '';
            const atMs = one.received_at * 1000;
            return Stripe.webhooks.signature?.verifyHeader(bytesOf(one.body), header, secret, 300, undefined, atMs);
          } catch {
            return false;
          }
        });
      assert.deepEqual(await deviations(file, yesOrNo('stripe-node', accepts)), []);
    });

    it("Adyen's own check says the same", async () => {
      const file = fileOf('adyen');
      const validator = new validatorModule.default();
      type Item = Parameters<typeof validator.validateHMAC>[0];
      const accepts = (one: VectorCase): boolean => {
        const { notificationItems } = JSON.parse(bytesOf(one.body).toString('utf8')) as {
          notificationItems: { NotificationRequestItem: Item }[];
        };
        return notificationItems.every(({ NotificationRequestItem: item }) =>
          file.keys['hmacKey']!.split(',').some((key) => validator.validateHMAC(item, key)),
        );
      };
      assert.deepEqual(await deviations(file, yesOrNo('adyen-node', accepts)), []);
    });

    it("Mollie's own check says the same", async () => {
      const file = fileOf('mollie');
      const secrets = file.keys['webhookSecret']!.split(',');
      const accepts = (one: VectorCase): Promise<boolean> =>
        SignatureValidator.validate(bytesOf(one.body).toString('utf8'), secrets, lowerCase(one.headers)['x-mollie-signature']);
      assert.deepEqual(await deviations(file, yesOrNo('mollie-api-typescript', accepts)), []);
    });

    it("Standard Webhooks' own library says the same of everything but time, which it takes from the machine", async () => {
      const file = fileOf('standard-webhooks');
      const timeless = { ...file, cases: file.cases.filter(({ expect }) => expect !== 'stale' && expect !== 'future') };
      const accepts = (one: VectorCase): boolean =>
        file.keys['webhookSecret']!.split(',').some((secret) => {
          const library = new Webhook(secret);
          const { 'webhook-id': id = '', 'webhook-timestamp': time = '', 'webhook-signature': given = '' } = lowerCase(one.headers);
          const own = library.sign(id, new Date(Number(time) * 1000), bytesOf(one.body).toString('utf8'));
          return given.split(' ').includes(own);
        });
      assert.deepEqual(await deviations(timeless, yesOrNo('standardwebhooks', accepts)), []);
    });

    it('a JOSE library says the same of open banking but for the time', async () => {
      const file = fileOf('open-banking');
      const { keys } = JSON.parse(file.keys['webhookJwks']!) as { keys: (JWK & { kid: string })[] };
      const timeless = {
        ...file,
        cases: file.cases.filter(({ id, expect }) => !['stale', 'future'].includes(expect) && !/version|not-signed/.test(id)),
      };
      const accepts = async (one: VectorCase): Promise<boolean> => {
        const headers = lowerCase(one.headers);
        const [encoded = '', , signature = '', ...more] = (headers['tl-signature'] ?? '').split('.');
        const { kid } = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')) as { kid: string };
        const jwk = keys.find((key) => key.kid === kid);
        if (jwk === undefined || more.length > 0) return false;
        const head = `POST ${one.path}\nX-Tl-Webhook-Timestamp: ${headers['x-tl-webhook-timestamp']}\n`;
        const payload = Buffer.concat([Buffer.from(head), bytesOf(one.body)]).toString('base64url');
        await flattenedVerify({ protected: encoded, payload, signature }, await importJWK(jwk));
        return true;
      };
      assert.deepEqual(await deviations(timeless, yesOrNo('jose', accepts)), []);
    });
  });
});
