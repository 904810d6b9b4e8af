/**
 * The conformance suite of an unmodified official SDK: the same list of capabilities for each,
 * so that `docs/DIALECTS.md` can be made from what the tests really did. A capability is a test,
 * or one sentence that says why this SDK has no such thing. Results go to
 * `.assay/conformance/<sdk>.json` when the suite has run.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../kernel/index.ts';

/** In the order of the table. */
export const CAPABILITIES = [
  'pay',
  '3DS approved',
  '3DS failed',
  'decline',
  'capture',
  'partial refund',
  'void',
  'payout',
  'retrieve',
  'list',
  'idempotent retry',
  'verify webhook',
] as const;
export type Capability = (typeof CAPABILITIES)[number];

export interface SdkResult {
  sdk: string;
  version: string;
  dialect: string;
  /** How the SDK reached the simulator, in a few words. */
  reached: string;
  /** `passed`, `failed`, or why the SDK has no such thing. */
  capabilities: Record<Capability, string>;
}

export interface SdkSuite {
  /** npm package. */
  sdk: string;
  dialect: string;
  reached: string;
  /** Runs before the first and after the last capability. */
  open(): Promise<void>;
  close(): Promise<void>;
  capabilities: Record<Capability, (() => Promise<void>) | string>;
}

/** Where the results of the suites lie. */
export const CONFORMANCE_FOLDER = join(projectRoot(), '.assay', 'conformance');

export function sdkSuite(suite: SdkSuite): void {
  const results = Object.fromEntries(CAPABILITIES.map((name) => [name, 'failed'])) as Record<Capability, string>;
  const begun = new Set<Capability>();
  describe(`${suite.sdk} against the ${suite.dialect} dialect`, () => {
    before(() => suite.open());
    after(async () => {
      await suite.close();
      // A run of some of the tests (`-g`) says nothing about the others: it leaves the last results alone.
      if (CAPABILITIES.some((name) => typeof suite.capabilities[name] !== 'string' && !begun.has(name))) return;
      const version = installedVersion(suite.sdk);
      const { sdk, dialect, reached } = suite;
      const result: SdkResult = { sdk, version, dialect, reached, capabilities: results };
      mkdirSync(CONFORMANCE_FOLDER, { recursive: true });
      writeFileSync(join(CONFORMANCE_FOLDER, `${sdk.replaceAll(/[@/]/g, '_')}.json`), JSON.stringify(result, null, 2));
    });
    for (const name of CAPABILITIES) {
      const test = suite.capabilities[name];
      if (typeof test === 'string') {
        results[name] = test;
        continue;
      }
      it(name, async () => {
        begun.add(name);
        await test();
        results[name] = 'passed';
      });
    }
  });
}

function installedVersion(sdk: string): string {
  const text = readFileSync(join(projectRoot(), 'node_modules', sdk, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
