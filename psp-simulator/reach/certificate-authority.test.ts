/**
 * Goal: certificates that TLS clients accept, and only for what they say. Method: Node's own
 * parser and verifier (OpenSSL) judges them; the handshakes are in `../test/reach.test.ts`.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { createManualClock } from '../../kernel/index.ts';
import { createAuthority, newAuthorityCertificate, newPrivateKey } from './certificate-authority.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2030, 0, 1);

/** One for all: an RSA key takes a tenth of a second and more. */
const key = newPrivateKey();

function open(nowMs = NOW) {
  const clock = createManualClock({ startMs: nowMs });
  const cert = newAuthorityCertificate(key, nowMs);
  return { clock, key, authority: createAuthority({ key, cert }, clock), ca: new X509Certificate(cert) };
}

const ends = (pem: string): number => new Date(new X509Certificate(pem).validTo).getTime();

describe("the simulator's certificate authority", () => {
  it('is a CA by itself, valid from yesterday for two years', () => {
    const { ca } = open();
    assert.ok(ca.ca);
    assert.ok(ca.verify(ca.publicKey));
    assert.equal(new Date(ca.validFrom).getTime(), NOW - DAY);
    assert.equal(new Date(ca.validTo).getTime(), NOW + 730 * DAY);
    assert.match(ca.subject, /for tests on this machine/);
  });

  it('signs certificates for host names and addresses, and for nothing else', () => {
    const { authority, ca } = open();
    const { cert } = authority.certificateFor(['api.stripe.com', '127.0.0.1', '::1', 'fd00::a:1']);
    const leaf = new X509Certificate(cert);
    assert.ok(!leaf.ca);
    assert.ok(leaf.verify(ca.publicKey) && leaf.checkIssued(ca));
    assert.equal(leaf.checkHost('api.stripe.com'), 'api.stripe.com');
    assert.equal(leaf.checkHost('api.adyen.com'), undefined);
    for (const address of ['127.0.0.1', '::1', 'fd00::a:1']) assert.equal(leaf.checkIP(address), address);
    assert.equal(leaf.checkIP('127.0.0.2'), undefined);
  });

  it('keeps a certificate until it is about to end', async () => {
    const { authority, clock } = open();
    const first = authority.certificateFor(['localhost']);
    await clock.advance(390 * DAY);
    assert.equal(authority.certificateFor(['localhost']), first);
    await clock.advance(6 * DAY);
    const second = authority.certificateFor(['localhost']);
    assert.notEqual(second, first);
    assert.ok(ends(second.cert) > clock.now() + 300 * DAY);
  });

  it('makes one that has ended, when asked', () => {
    const { authority } = open();
    const { cert } = authority.certificateFor(['localhost'], { expired: true });
    assert.equal(ends(cert), NOW - DAY);
    assert.notEqual(authority.certificateFor(['localhost']).cert, cert);
  });

  it('makes certificates that parse, whatever the names and the year', () => {
    const host = fc.domain().filter((name) => name.length <= 200);
    fc.assert(
      fc.property(
        fc.array(host, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 2024, max: 2060 }),
        (names, year) => {
          const { authority, ca } = open(Date.UTC(year, 5, 1));
          const leaf = new X509Certificate(authority.certificateFor(names).cert);
          assert.ok(leaf.verify(ca.publicKey));
          // A hash may begin with a zero; a serial number that does is refused by OpenSSL.
          assert.match(leaf.serialNumber, /^01[0-9A-F]{30}$/);
          assert.equal(new Date(leaf.validTo).getTime(), Date.UTC(year, 5, 1) + 397 * DAY);
          for (const name of names) assert.ok(leaf.checkHost(name) !== undefined, name);
        },
      ),
      { numRuns: 25 },
    );
  });
});
