/**
 * The partner command as its user meets it: a partner.yaml, somebody's sandbox, and four ways to
 * get hold of webhooks; what comes of it in verdicts, exit codes and files.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { UserError } from '../../../kernel/index.ts';
import { pactsFolder } from '../../pact-files.ts';
import { vectorPath } from '../../vectors/read-vectors.ts';
import { resultsOf, startSandbox, verdictsOf, type Sandbox } from './sandbox.ts';

const OUTAGE = 'calls.a-card-payment-that-is-answered-503.the-provider-is-out-of-service';
const CAPTURED = 'webhooks.payment-intent-succeeded.a-captured-payment';
const NONE = { webhooks: { source: 'none' } };
const REFUSED_CARD = { test_values: { pm_card_visa: 'pm_card_chargeDeclined' } };

const listed = <T>(value: T | T[] | undefined): T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

describe("a partner's sandbox", () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox();
  });
  after(() => sandbox.close());

  it('is told what cannot be looked at without states.url, and nothing else', async () => {
    const summary = await sandbox.verify({}, []);
    const others = resultsOf(summary.stages).filter(({ finding }) => finding.verdict !== 'pass');
    assert.ok(others.length > 5);
    for (const { id, finding } of others)
      assert.match(
        finding.verdict === 'unknown' ? finding.reason : id,
        /no call makes the state ".*"; give states\.url/,
      );
    assert.deepEqual([summary.exitCode, summary.verdict, summary.partial], [2, 'unknown', false]);
  });

  it('has its deliveries recorded, which are judged again from their folder', async () => {
    const recorded = join(sandbox.folder, 'out', 'webhooks');
    assert.ok(readdirSync(recorded).length > 5);
    const from = { webhooks: { source: 'folder', folder: recorded } };
    const only = [CAPTURED, 'webhooks.signature', 'webhooks.event-ids', 'webhooks.payout-paid.a-paid-payout'];
    const summary = await sandbox.verify(from, only);
    assert.deepEqual(Object.values(verdictsOf(summary)).sort(), ['pass', 'pass', 'pass', 'unknown']);
    assert.equal(summary.exitCode, 2);

    const [first = ''] = readdirSync(recorded).sort();
    const one = JSON.parse(readFileSync(join(recorded, first), 'utf8')) as { body_base64: string };
    const body = Buffer.from(one.body_base64, 'base64').toString('utf8');
    one.body_base64 = Buffer.from(body.replace('"object"', '"0bject"')).toString('base64');
    writeFileSync(join(recorded, first), JSON.stringify(one));
    assert.equal(verdictsOf(await sandbox.verify(from, ['webhooks.signature']))['webhooks.signature'], 'fail');

    writeFileSync(join(recorded, first), '{"no": "delivery"');
    await assert.rejects(sandbox.verify(from, ['webhooks.signature']), (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /is no recorded delivery/);
      return true;
    });
  });

  it('may have an event log pulled, which shows events but no signatures', async () => {
    const webhooks = { source: 'pull', path: '/v1/events?limit=100', items: 'data', wait_seconds: 30 };
    const verdicts = verdictsOf(await sandbox.verify({ webhooks }, [CAPTURED, 'webhooks.signature']));
    assert.deepEqual(verdicts, { [CAPTURED]: 'pass', 'webhooks.signature': 'unknown' });

    const wrong = await sandbox.verify({ webhooks: { ...webhooks, path: '/v1/no-events' } }, [CAPTURED]);
    const [found] = resultsOf(wrong.stages);
    assert.match(found?.finding.verdict === 'unknown' ? found.finding.reason : '', /the event log, .* answered 404/);
  });

  it('may have an endpoint that makes states, which is told when they may end', async () => {
    const told: string[] = [];
    const states = await sandbox.network.listen({
      name: 'states',
      listener: (request, response) => {
        let text = '';
        request.on('data', (chunk: Buffer) => (text += chunk.toString()));
        request.on('end', () => {
          const { action, state } = JSON.parse(text) as { action: string; state: string };
          told.push(`${action} ${state}`);
          const isOutage = state === 'the provider is out of service';
          const work =
            action === 'teardown'
              ? sandbox.control.heal()
              : isOutage
                ? sandbox.control.plan({ fault: 'outage', psp: 'stripe' })
                : Promise.resolve();
          void work.then(() => response.writeHead(isOutage ? 200 : 404).end('{}'));
        });
      },
    });
    const rate = 'calls.a-card-payment-beyond-the-rate-limit.calls-are-rate-limited';
    const summary = await sandbox.verify({ ...NONE, states: { url: states.url } }, [OUTAGE, rate]);
    await states.close(0);
    assert.deepEqual(verdictsOf(summary), { [OUTAGE]: 'pass', [rate]: 'unknown' });
    assert.deepEqual(told, [
      'setup calls are rate limited',
      'setup the provider is out of service',
      'teardown the provider is out of service',
    ]);
  });

  it('may have a program that signs vectors', async () => {
    const signer = (name: string, version: string): { vectors: object } => {
      const path = join(sandbox.folder, name);
      writeFileSync(
        path,
        `let text = '';
        process.stdin.on('data', (chunk) => (text += chunk)).on('end', () => {
          const { key, signed_at: time, body_base64: body } = JSON.parse(text);
          const hmac = require('node:crypto').createHmac('sha256', key).update(time + '.');
          const hex = hmac.update(Buffer.from(body, 'base64')).digest('hex');
          console.log(JSON.stringify({ headers: { 'stripe-signature': 't=' + time + ',${version}=' + hex } }));
        });`,
      );
      return { vectors: { command: [process.execPath, path] } };
    };
    const only = ['vectors.signer-plain', 'vectors.signer-unicode', 'vectors.signer-crlf'];
    const good = await sandbox.verify({ ...NONE, ...signer('good.cjs', 'v1') }, only);
    assert.deepEqual(Object.values(verdictsOf(good)), ['pass', 'pass', 'pass']);
    const bad = await sandbox.verify({ ...NONE, ...signer('bad.cjs', 'v0') }, only);
    assert.deepEqual(Object.values(verdictsOf(bad)), ['fail', 'fail', 'fail']);
    const none = await sandbox.verify({ ...NONE, vectors: { command: ['./no-such-program'] } }, only);
    assert.deepEqual(Object.values(verdictsOf(none)), ['fail', 'fail', 'fail']);
  });

  it('may differ for now, with a reason, until that day', async () => {
    const only = ['semantics.payment', 'semantics.unknown-id'];
    const until = (day: string): object => ({
      deviations: [{ check: 'semantics.payment', reason: 'the card is renewed in May', until: day }],
    });
    const broken = { ...NONE, ...REFUSED_CARD };
    const now = await sandbox.verify({ ...broken, ...until('2099-05-31') }, only);
    assert.deepEqual([now.exitCode, now.counts.tolerated, now.counts.fail], [0, 1, 0]);
    assert.match(sandbox.report('report.html'), /Tolerated until 2099-05-31: the card is renewed in May/);
    assert.match(sandbox.report('junit.xml'), /<skipped message="tolerated until 2099-05-31/);
    assert.match(sandbox.report('conformance.json'), /"semantics\.payment": "tolerated until 2099-05-31"/);
    const later = await sandbox.verify({ ...broken, ...until('2020-05-31') }, only);
    assert.deepEqual([later.exitCode, later.counts.tolerated, later.counts.fail], [1, 0, 1]);
  });

  it('is asked again only for what did not pass', async () => {
    const broken = { ...NONE, ...REFUSED_CARD };
    await sandbox.verify(broken, ['semantics.payment', 'semantics.unknown-id']);
    const again = await sandbox.verify(NONE, [], { lastFailed: true });
    const ids = resultsOf(again.stages).map(({ id }) => id);
    assert.deepEqual(
      ids.filter((id) => !id.startsWith('preflight.')),
      ['semantics.payment'],
    );
    assert.deepEqual([again.exitCode, again.partial], [0, true]);
    await assert.rejects(sandbox.verify(NONE, [], { lastFailed: true }), /nothing failed in the last run/);
    const elsewhere = { lastFailed: true, outDir: join(sandbox.folder, 'nowhere') };
    await assert.rejects(sandbox.verify(NONE, [], elsewhere), /no report of an earlier run/);
  });

  it('is not called broken when it is not ready: wrong credentials, a web page, nobody', async () => {
    process.env['WRONG_KEY'] = 'sk_test_nobodysKey';
    const credentials = { apiKey: { env: 'WRONG_KEY' }, webhookSecret: { env: 'SANDBOX_WEBHOOK_SECRET' } };
    const page = await sandbox.network.listen({
      name: 'page',
      listener: (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Welcome</p>'),
    });
    const gone = page.url.replace(/\d+$/, '1');
    const only = ['preflight.*', 'semantics.payment'];
    const cases: [object, string][] = [
      [{ credentials }, 'preflight.credentials'],
      [{ base_url: page.url }, 'preflight.protocol'],
      [{ base_url: gone }, 'preflight.reach'],
    ];
    for (const [fields, found] of cases) {
      const summary = await sandbox.verify({ ...NONE, ...fields }, only);
      assert.equal(verdictsOf(summary)[found], 'fail', found);
      assert.equal(verdictsOf(summary)['semantics.payment'], 'unknown', found);
      assert.equal(summary.exitCode, 2);
      // One cause is told once.
      assert.equal(summary.counts.fail, 1, found);
    }
    await page.close(0);
  });

  it('says so when its webhooks cannot be listened for', async () => {
    const taken = await sandbox.network.listen({ name: 'taken', listener: () => {} });
    const webhooks = { source: 'receive', listen: taken.url.replace('http://', '') };
    await assert.rejects(
      sandbox.verify({ webhooks }, [CAPTURED]),
      /webhooks\.listen .* cannot be listened on: .*in use/,
    );
    await taken.close(0);
  });

  it('gets a report of what was looked at when it is stopped while it waits', async () => {
    const stop = new AbortController();
    const elsewhere = await sandbox.network.listen({ name: 'elsewhere', listener: () => {} });
    const listen = elsewhere.url.replace('http://', '');
    await elsewhere.close(0);
    const webhooks = { source: 'receive', listen, wait_seconds: 3_600 };
    const summary = await sandbox.verify({ webhooks }, ['vectors.plain', CAPTURED, 'preflight.reach'], {
      signal: stop.signal,
      onCheck: ({ id }) => {
        if (id === CAPTURED) stop.abort();
      },
    });
    assert.deepEqual(verdictsOf(summary), { 'preflight.reach': 'pass' });
    assert.deepEqual([summary.exitCode, summary.partial], [2, true]);
    assert.match(sandbox.report('report.html'), /Only a part of the checks was run/);
  });

  describe('in its reports', () => {
    before(async () => {
      await sandbox.verify({ ...NONE, ...REFUSED_CARD }, ['preflight.*', 'vectors.*', 'semantics.*', OUTAGE]);
    });

    interface Failure {
      '@_message': string;
      '#text': string;
    }
    interface Case {
      '@_name': string;
      failure?: Failure;
      error?: { '@_message': string };
    }
    interface Suite {
      '@_name': string;
      '@_tests': string;
      '@_failures': string;
      testcase: Case | Case[];
    }

    it('has a suite per stage in junit.xml, with as many cases and failures as it says', () => {
      const parsed = new XMLParser({ ignoreAttributes: false }).parse(sandbox.report('junit.xml'), true) as {
        testsuites: { '@_tests': string; '@_failures': string; '@_errors': string; testsuite: Suite | Suite[] };
      };
      const suites = listed(parsed.testsuites.testsuite);
      assert.deepEqual(
        suites.map((suite) => suite['@_name']),
        ['preflight', 'calls', 'vectors', 'semantics'],
      );
      const cases = suites.flatMap((suite) => listed(suite.testcase));
      const failed = cases.filter(({ failure }) => failure !== undefined);
      assert.equal(cases.length, Number(parsed.testsuites['@_tests']));
      assert.equal(failed.length, Number(parsed.testsuites['@_failures']));
      assert.equal(cases.filter(({ error }) => error !== undefined).length, Number(parsed.testsuites['@_errors']));
      for (const suite of suites) assert.equal(listed(suite.testcase).length, Number(suite['@_tests']));
      const [payment] = failed;
      assert.match(payment?.['@_name'] ?? '', /^semantics\.payment: /);
      assert.match(payment?.failure?.['#text'] ?? '', /expected: [^]*got: [^]*why: [^]*curl -i -X POST/);
    });

    it('has hashes in conformance.json that anybody can compute, and a verdict per check', () => {
      const { format, verdict, checks, hashes, counts } = JSON.parse(sandbox.report('conformance.json')) as {
        format: string;
        verdict: string;
        checks: Record<string, string>;
        hashes: Record<string, string>;
        counts: Record<string, number>;
      };
      const sha = (path: string): string => `sha256:${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
      assert.deepEqual(hashes, {
        pact: sha(join(pactsFolder(), 'reference-service-psp-stripe.json')),
        vectors: sha(vectorPath('stripe')),
      });
      assert.deepEqual([format, verdict, checks['semantics.payment']], ['assay-conformance/1', 'fail', 'fail']);
      for (const word of ['pass', 'fail', 'unknown'])
        assert.equal(Object.values(checks).filter((one) => one === word).length, counts[word], word);
    });

    it('has every result in report.json, and the same in report.html', () => {
      const summary = JSON.parse(sandbox.report('report.json')) as Parameters<typeof verdictsOf>[0];
      const html = sandbox.report('report.html');
      for (const id of Object.keys(verdictsOf(summary))) assert.ok(html.includes(`<small>${id}</small>`), id);
      assert.ok(existsSync(join(sandbox.folder, 'out', 'webhooks')));
    });
  });
});
