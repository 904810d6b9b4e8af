/** The page for partners tells the truth: its files are read by the command, and its commands and options exist. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../kernel/index.ts';
import { DIALECTS } from './verify/dialects/index.ts';
import { partnerConfig } from './verify/config.ts';
import { planChecks } from './verify/plan.ts';

const PAGE = readFileSync(join(projectRoot(), 'contracts', 'PARTNERS.md'), 'utf8');
const environment = { PARTNER_API_KEY: 'sk_test_example', PARTNER_WEBHOOK_SECRET: 'whsec_example' };

const blocks = (language: string): string[] =>
  [...PAGE.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(([, text = '']) => text);

describe('contracts/PARTNERS.md', () => {
  const [example = '', ...parts] = blocks('yaml');

  it('shows a partner.yaml that the command takes, with every part of it that stands further below', () => {
    const file = parse(example) as Record<string, unknown>;
    assert.equal(partnerConfig(file, { folder: '/', environment }).partner, 'Example Payments');
    assert.equal(parts.length, 3);
    for (const part of parts) {
      const whole = { ...file, ...(parse(part) as Record<string, unknown>) };
      assert.ok(planChecks({ config: partnerConfig(whole, { folder: '/', environment }) }).length > 50);
    }
  });

  it('lists the checks of its example by the command that it shows', () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-page-'));
    writeFileSync(join(folder, 'partner.yaml'), example);
    const line = blocks('sh')
      .flatMap((text) => text.split('\n'))
      .find((one) => one.includes('--list'));
    const [npx, program, ...args] = (line ?? '').replace(/\s+#.*$/, '').split(' ');
    assert.deepEqual([npx, program], ['npx', 'assay']);
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(projectRoot(), 'bin', 'assay.js'), ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, ...environment },
    });
    rmSync(folder, { recursive: true, force: true });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^preflight\.reach .*\n/);
  });

  it('shows only options that the command has, and links that lead somewhere', () => {
    const { stdout } = spawnSync(
      process.execPath,
      [join(projectRoot(), 'bin', 'assay.js'), 'contract', 'verify', '--help'],
      { encoding: 'utf8' },
    );
    for (const [option] of PAGE.matchAll(/--[a-z-]{3,}/g)) assert.ok(stdout.includes(option), option);
    for (const [, target = ''] of PAGE.matchAll(/\]\(([^)#]+)\)/g))
      assert.ok(existsSync(join(projectRoot(), 'contracts', target)), target);
  });

  it('names the credentials of every dialect', () => {
    for (const { name, needs, reads = [] } of DIALECTS) {
      assert.ok(PAGE.includes(`\`${name}\` ${needs.join(', ')}`), name);
      if (reads.length > 0) assert.ok(PAGE.includes(`\`${name}\` ${reads.join(', ')}`), `${name}: ${reads.join()}`);
    }
  });
});
