/**
 * `assay psp` as a new user meets it: the real process, the lines of `--print-env` as they stand
 * with the real SDKs, plans from files, triggered events, and mistakes.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import http from 'node:http';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../kernel/index.ts';
import { assayIn, portsFor, scratchFolder, startPsps, type Finished, type RunningPsps } from './assay-psp-support.ts';

interface ConnectLines {
  language: string;
  sdk: string;
  lines: string[];
  environment?: Record<string, string>;
}

interface PrintedEnvironment {
  proxy: string;
  ca: string;
  psps: { name: string; url: string; credentials: Record<string, string>; connect: ConnectLines[] }[];
  any: { language: string; lines: string[] }[];
}

/** What each Node SDK does with the client that its lines make: creates a payment and prints its id. */
const FIRST_CALL: Record<string, string> = {
  stripe: `stripe.paymentIntents.create({ amount: 1000, currency: 'eur', payment_method: 'pm_card_visa', confirm: true,
    payment_method_types: ['card'] }).then((intent) => console.log(intent.id, intent.status));`,
  '@adyen/api-library': `new CheckoutAPI(client).PaymentsApi.payments({ amount: { currency: 'EUR', value: 1000 },
    merchantAccount: 'AssayAdyen', reference: 'order-1', returnUrl: 'http://localhost/return',
    paymentMethod: { type: 'scheme', encryptedCardNumber: 'test_4111111111111111', encryptedExpiryMonth: 'test_03',
      encryptedExpiryYear: 'test_2030', encryptedSecurityCode: 'test_737' } })
    .then((answer) => console.log(answer.pspReference, answer.resultCode));`,
  'checkout-sdk-node': `checkout.payments.request({ source: { type: 'card', number: '4242424242424242', expiry_month: 3,
    expiry_year: 2030, cvv: '100' }, amount: 1000, currency: 'EUR', reference: 'order-1' })
    .then((payment) => console.log(payment.id, payment.status));`,
  '@paypal/paypal-server-sdk': `const { OrdersController, CheckoutPaymentIntent } = require('@paypal/paypal-server-sdk');
    new OrdersController(client).createOrder({ body: { intent: CheckoutPaymentIntent.Capture,
      purchaseUnits: [{ amount: { currencyCode: 'EUR', value: '10.00' } }] } })
    .then(({ result }) => console.log(result.id, result.status));`,
  'mollie-api-typescript': `mollie.payments.create({ paymentRequest: { amount: { currency: 'EUR', value: '10.00' },
    description: 'order-1', redirectUrl: 'http://localhost/return' } })
    .then((payment) => console.log(payment.id, payment.status));`,
  '@mollie/api-client': `mollie.payments.create({ amount: { currency: 'EUR', value: '10.00' }, description: 'order-1',
    redirectUrl: 'http://localhost/return' }).then((payment) => console.log(payment.id, payment.status));`,
};

function run(program: string, args: string[], env: Record<string, string> = {}): Finished {
  const options = { cwd: projectRoot(), encoding: 'utf8', env: { ...process.env, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(program, args, options);
  return { exitCode: status, out: stdout, err: stderr };
}

describe('assay psp', () => {
  const scratch = scratchFolder();
  const { path: folder } = scratch;
  let running: RunningPsps | undefined;
  afterEach(async () => {
    await running?.stop();
    running = undefined;
  });
  after(() => scratch.remove());

  function assertRefused(finished: Finished, sentence: RegExp, advice: RegExp): void {
    assert.match(finished.err, sentence);
    assert.match(finished.err, advice);
    assert.doesNotMatch(finished.err, /^\s+at /m, 'a stack trace');
    assert.equal(finished.exitCode, 254);
  }

  it('runs one PSP per dialect without file or flag, each by http and https, and a proxy', async () => {
    running = await startPsps(folder, ['--any-port']);
    const { started } = running;
    const dialects = started.psps.map(({ dialect }) => dialect);
    for (const dialect of ['acme', 'stripe', 'adyen', 'checkout', 'paypal', 'mollie', 'open-banking'])
      assert.ok(dialects.includes(dialect), dialect);
    assert.equal(started.psps.length, dialects.length);
    assert.ok(started.proxy !== null && started.ca !== null);
    assert.equal(started.ca, join(folder, '.assay', 'ca', 'ca.pem'));
    assert.equal(statSync(join(folder, '.assay', 'ca', 'ca.key')).mode & 0o777, 0o600);
    assert.ok(started.psps.every(({ https }) => https?.startsWith('https://')));
    assert.equal(await running.stop(), 0);
  });

  describe('connects every official SDK', () => {
    let stage: RunningPsps;
    let printed: PrintedEnvironment;
    before(async () => {
      const args = [...(await portsFor(['stripe', 'adyen', 'checkout', 'paypal', 'mollie'])), '--seed', 'sdk'];
      printed = JSON.parse(assayIn(folder, ['psp', ...args, '--print-env', '--json']).out) as PrintedEnvironment;
      stage = await startPsps(folder, args);
    });
    after(() => stage.stop());

    it('with the credentials and addresses that are printed before', () => {
      const { psps, proxy, ca } = stage.started;
      assert.deepEqual(
        printed.psps.map(({ name, url, credentials }) => ({ name, url, credentials })),
        psps.map(({ name, url, credentials }) => ({ name, url, credentials })),
      );
      assert.deepEqual([printed.proxy, printed.ca], [proxy, ca]);
    });

    for (const [sdk, call] of Object.entries(FIRST_CALL)) {
      it(`by the printed lines for ${sdk}, as they stand`, () => {
        const ways = printed.psps
          .flatMap(({ connect }) => connect)
          .filter((way) => way.language === 'Node' && (way.sdk === sdk || way.sdk.startsWith(`${sdk},`)));
        assert.ok(ways.length > 0);
        for (const { lines, environment } of ways) {
          const script = `${lines.join('\n')}\n${call}`;
          const { out, err, exitCode } = run(process.execPath, ['-e', script], environment);
          assert.equal(exitCode, 0, `${script}\n${err}`);
          assert.match(out, /^\S+ (succeeded|Authorised|Authorized|CREATED|open)\n$/);
        }
      });
    }

    it('unchanged, with nothing but HTTPS_PROXY and the CA in the environment: PayPal', () => {
      const psp = printed.psps.find(({ name }) => name === 'paypal');
      const { clientId, clientSecret } = psp?.credentials ?? {};
      const script = `const { Client, Environment } = require('@paypal/paypal-server-sdk');
        const client = new Client({ clientCredentialsAuthCredentials: { oAuthClientId: '${clientId}',
          oAuthClientSecret: '${clientSecret}' }, environment: Environment.Sandbox });
        ${FIRST_CALL['@paypal/paypal-server-sdk'] ?? ''}`;
      const env = { HTTPS_PROXY: printed.proxy, NODE_EXTRA_CA_CERTS: printed.ca };
      const { out, err } = run(process.execPath, ['-e', script], env);
      assert.match(out, /CREATED/, err);
    });

    it('and curl, where there is one, by its printed line', function () {
      const line = printed.any.find(({ language }) => language === 'curl')?.lines[0] ?? '';
      if (run('curl', ['--version']).exitCode !== 0) return this.skip();
      const [program = '', ...args] = line.replace('https://…', 'https://api.mollie.com/v2/methods').split(' ');
      const { out, err } = run(program, ['-sS', ...args]);
      assert.match(out, /"status":401/, err);
    });

    it('says in its events what each of them did', async () => {
      const paid = await stage.event(
        (event) => event['kind'] === 'exchange' && event['operation'] === 'create-payment',
      );
      assert.equal(typeof paid['ms'], 'number');
      assert.ok(stage.events().some((event) => event['kind'] === 'books'));
    });
  });

  it('is shown in the README by the lines that it prints', () => {
    const readme = readFileSync(join(projectRoot(), 'README.md'), 'utf8');
    const [, shown = ''] = /```js\n([^]*?)```/.exec(readme) ?? [];
    const { out } = assayIn(folder, ['psp', '--print-env']);
    const lines = shown.split('\n').filter((line) => line !== '');
    assert.equal(lines.length, 3);
    for (const line of lines) assert.ok(out.includes(line.replace(/ \/\/ .*$/, '')), line);
  });

  describe('with files', () => {
    const file = (name: string, text: string): string => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    };

    it('runs the PSPs and the faults that they name, and tells of each strike', async () => {
      const plan = file(
        'shop.yaml',
        `psps:
  - { name: card, dialect: acme, port: 0, profile: { latency: { kind: fixed, ms: 0ms } } }
faults:
  - { fault: error, psp: card, operation: create-payment, count: 1 }
`,
      );
      running = await startPsps(folder, ['--psps', plan, '--faults', plan, '--any-port']);
      const psp = running.started.psps[0];
      assert.deepEqual([psp?.name, psp?.dialect], ['card', 'acme']);
      const pay = (key: string): Promise<Response> =>
        fetch(`${psp?.url}/payments`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${psp?.credentials['apiKey']}`,
            'content-type': 'application/json',
            'idempotency-key': key,
          },
          body: '{"amount":"5.00","currency":"EUR","reference":"order-1"}',
        });
      assert.ok((await pay('a')).status >= 500);
      assert.equal((await pay('b')).status, 201);
      const strike = await running.event((event) => event['kind'] === 'fault' && event['phase'] === undefined);
      assert.deepEqual([strike['fault'], strike['psp'], strike['reference']], ['error', 'card', 'order-1']);
    });

    it('says what a plan would hit before it is put to work, the same for the same seed', () => {
      const plan = file('sometimes.yaml', 'faults:\n  - { id: rare, fault: answer-lost, psp: acme, chance: 0.2 }\n');
      const tried = (...more: string[]): Finished =>
        assayIn(folder, ['psp', '--psp', 'acme', '--faults', plan, '--dry-run', '50', ...more]);
      const { out, exitCode, err } = tried();
      assert.equal(exitCode, 0, err);
      assert.match(
        out,
        /^Dry run, seed 1: 50 payments at each of acme\n {2}rare +answer-lost +\d+ hits \(.*\): order-\d+/,
      );
      assert.equal(tried().out, out);
      assert.notEqual(tried('--seed', '2').out, out);
      assertRefused(assayIn(folder, ['psp', '--dry-run']), /has no plan to try/, /--faults <file>/);
      assertRefused(tried('--dry-run', 'x'), /"x" is no number of payments/, /whole number/);
    });

    it('refuses a mistake with line and column, before anything listens', () => {
      const faults = file('faults.yaml', 'faults:\n  - { fault: latency, with: { distribution: { kind: fixd } } }\n');
      assertRefused(
        assayIn(folder, ['psp', '--faults', faults]),
        /faults\.yaml:2:5: fault latency: .*kind.*lognormal/,
        /docs\/FAULTS\.md/,
      );
      const typo = file('typo.yaml', 'faults:\n  - { fault: answr-lost }\n');
      assertRefused(assayIn(folder, ['psp', '--faults', typo]), /typo\.yaml:2:14: `answr-lost`/, /answer-lost/);
      const broken = file('broken.yaml', 'faults: [');
      assertRefused(
        assayIn(folder, ['psp', '--faults', broken]),
        /broken\.yaml:1:\d+: this is not valid YAML/,
        /Correct/,
      );
      const stranger = file('stranger.yaml', 'faults:\n  - { fault: outage, psp: paypall }\n');
      assertRefused(
        assayIn(folder, ['psp', '--faults', stranger]),
        /stranger\.yaml:2:27: `paypall`.*`paypal`\?/,
        /Allowed/,
      );
      const none = file('none.yaml', 'psps:\n  - { name: a, dialect: acme }\n');
      assertRefused(assayIn(folder, ['psp', '--faults', none]), /names no fault/, /faults:/);
      assertRefused(
        assayIn(folder, ['psp', '--faults', 'missing.yaml']),
        /missing\.yaml: the file cannot be read/,
        /YAML/,
      );
      assertRefused(assayIn(folder, ['psp', '--psps', none, '--psp', 'acme']), /both say which PSPs/, /one of them/);
    });
  });

  describe('trigger', () => {
    it('makes an event happen, with the payment behind it, and brings it to the merchant', async () => {
      const bodies: string[] = [];
      const shop = http.createServer((request, response) => {
        request.setEncoding('utf8').on('data', (text: string) => bodies.push(text));
        request.on('end', () => response.end());
      });
      await once(shop.listen(0, '127.0.0.1'), 'listening');
      const { port } = shop.address() as AddressInfo;
      running = await startPsps(folder, [
        '--psp',
        'stripe',
        '--any-port',
        '--webhook-url',
        `http://127.0.0.1:${port}/{psp}`,
      ]);
      const at = ['--control', running.started.control];
      const done = assayIn(folder, [
        'psp',
        'trigger',
        'stripe',
        'charge.dispute.created',
        ...at,
        '--amount',
        '700',
        '--json',
      ]);
      assert.equal(done.exitCode, 0, done.err);
      const triggered = JSON.parse(done.out) as { event_ids: string[]; reference: string };
      const delivery = await running.event(
        (event) => event['kind'] === 'delivery' && triggered.event_ids.includes(String(event['event_id'])),
      );
      assert.deepEqual([delivery['event'], delivery['status']], ['charge.dispute.created', 200]);
      assert.ok(bodies.some((body) => body.includes('charge.dispute.created') && body.includes('700')));
      shop.close();

      assert.match(assayIn(folder, ['psp', 'trigger', 'stripe', '--list', ...at]).out, /payment_intent\.succeeded/);
      assertRefused(
        assayIn(folder, ['psp', 'trigger', 'stripe', 'charge.dispute.create', ...at]),
        /stripe has no event "charge\.dispute\.create"/,
        /Did you mean charge\.dispute\.created\?/,
      );
      assertRefused(
        assayIn(folder, ['psp', 'trigger', 'strip', 'x', ...at]),
        /no PSP is named "strip"/,
        /Did you mean stripe\?/,
      );
      assertRefused(
        assayIn(folder, ['psp', 'trigger', 'stripe', 'x', ...at, '--amount', '7.00']),
        /no event "x"/,
        /has:/,
      );
    });

    it('says so when no simulator runs', () => {
      const nobody = ['--control', 'http://127.0.0.1:1'];
      assertRefused(
        assayIn(folder, ['psp', 'trigger', 'stripe', '--list', ...nobody]),
        /no simulator answers at http:\/\/127\.0\.0\.1:1 \(refused\)/,
        /Start one with `assay psp`/,
      );
      assertRefused(assayIn(folder, ['psp', 'trigger']), /no PSP is given/, /assay psp trigger <psp> <event>/);
    });

    it('shows its options', () => {
      const { out, exitCode } = assayIn(folder, ['psp', 'trigger', '--help']);
      assert.equal(exitCode, 0);
      assert.match(out, /Usage: assay psp trigger[^]*--reference[^]*Examples:/);
    });
  });

  describe('refuses', () => {
    it('a taken port, in the words of its own options', async () => {
      const holder = createServer().listen(0, '127.0.0.1');
      await once(holder, 'listening');
      const { port } = holder.address() as AddressInfo;
      const others = ['--psp', 'acme:0', '--control-port', '0'];
      const finished = assayIn(folder, ['psp', ...others, '--proxy-port', String(port)]);
      assertRefused(
        finished,
        new RegExp(`port ${port} on 127\\.0\\.0\\.1 is in use`),
        /--proxy-port <port>.*--any-port/,
      );
      holder.close();
    });

    it('a CA folder that it cannot use', () => {
      writeFileSync(join(folder, 'a-file'), 'not a folder');
      const asked = (dir: string): Finished => assayIn(folder, ['psp', '--any-port', '--ca-dir', dir]);
      assertRefused(asked('a-file'), /the folder of the simulator's CA, .*a-file, cannot be used/, /--ca-dir <folder>/);
      mkdirSync(join(folder, 'foreign'));
      writeFileSync(join(folder, 'foreign', 'ca.key'), 'somebody’s notes');
      assertRefused(asked('foreign'), /foreign\/ca\.key is no key/, /Remove the folder/);
    });

    it('to be open to others without a token', () => {
      assertRefused(
        assayIn(folder, ['psp', '--any-port', '--token', 'short']),
        /the token .* has 5 characters/,
        /at least/,
      );
    });

    it('to send webhooks outside without being told so', () => {
      const finished = assayIn(folder, ['psp', '--any-port', '--webhook-url', 'http://shop.example.com/hook']);
      assertRefused(finished, /shop\.example\.com/, /--allow-webhooks-to/);
    });

    it('words that are none of its actions, and addresses that are not its own', () => {
      assertRefused(assayIn(folder, ['psp', 'triger', 'stripe']), /"triger" is not an action/, /trigger/);
      assertRefused(
        assayIn(folder, ['psp', '--any-port', '--host', '192.0.2.7']),
        /192\.0\.2\.7 is no address/,
        /--host/,
      );
      assertRefused(assayIn(folder, ['psp', '--any-port', '--print-env']), /a free port is chosen/, /--json/);
    });
  });

  it('lets others in with --host: the control API asks for its token, and the PSPs are called by a name', async () => {
    running = await startPsps(folder, ['--psp', 'acme', '--any-port', '--host', '0.0.0.0', '--token', 'open-sesame']);
    const { control, psps } = running.started;
    assert.match(psps[0]?.url ?? '', /^http:\/\/localhost:\d+$/);
    const inside = control.replace('0.0.0.0', '127.0.0.1');
    assert.equal((await fetch(`${inside}/v1/psps`)).status, 401);
    assertRefused(
      assayIn(folder, ['psp', 'trigger', 'acme', '--list', '--control', inside]),
      /asks for a token/,
      /--token/,
    );
    const listed = assayIn(folder, ['psp', 'trigger', 'acme', '--list', '--control', inside, '--token', 'open-sesame']);
    assert.equal(listed.exitCode, 0, listed.err);
  });

  it('makes no CA with --no-https', async () => {
    running = await startPsps(folder, [
      '--psp',
      'acme',
      '--any-port',
      '--no-https',
      '--ca-dir',
      join(folder, 'unused'),
    ]);
    assert.deepEqual([running.started.proxy, running.started.ca, running.started.psps[0]?.https], [null, null, null]);
    assert.ok(!existsSync(join(folder, 'unused')));
  });
});
