/** The committed pacts as documents that a PSP is sent: complete, explained, and free of our secrets. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { listPacts, pactFileName, readPact, titleOf } from './index.ts';

describe('the committed pacts', () => {
  it('are one per PSP of the service', () => {
    assert.deepEqual(
      listPacts().map((path) => basename(path)),
      ['acme', 'adyen', 'checkout', 'mollie', 'open-banking', 'paypal', 'stripe'].map((dialect) =>
        pactFileName('reference-service', `psp-${dialect}`),
      ),
    );
  });

  for (const path of listPacts()) {
    const { interactions } = readPact(path);

    it(`${basename(path)} says of every need why it is one`, () => {
      const silent = interactions.filter(({ comments }) => !comments?.text?.some((text) => /^.{20,}\.$/.test(text)));
      assert.deepEqual(silent.map(titleOf), []);
    });

    it(`${basename(path)} covers calls and webhooks`, () => {
      assert.deepEqual([...new Set(interactions.map(({ type }) => type))].sort(), [
        'Asynchronous/Messages',
        'Synchronous/HTTP',
      ]);
    });

    it(`${basename(path)} names no address but example ones`, () => {
      const hosts = [...readFileSync(path, 'utf8').matchAll(/https?:\/\/([A-Za-z0-9.-]+)/g)].map(
        ([, host]) => host ?? '',
      );
      assert.deepEqual(
        hosts.filter((host) => !host.endsWith('.example')),
        [],
      );
    });
  }
});
