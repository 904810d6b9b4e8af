/** What `assay psp` says once it listens: to a person where everything is, to a machine one JSON object. */
import { relative } from 'node:path';
import pc from 'picocolors';
import type { Output } from '../support/output.ts';
import type { RunningSimulator } from './start-simulator.ts';

export function announce(
  simulator: RunningSimulator,
  plan: { faults: number; file: string | undefined },
  output: Output,
): void {
  const { psps, control, proxy, caFile } = simulator;
  const width = Math.max(...psps.map(({ name }) => name.length), 'control'.length) + 2;
  const line = (name: string, text: string): void => output.say(`  ${name.padEnd(width)}${text}`);
  output.say(pc.bold('PSP simulator'));
  for (const psp of psps) {
    line(
      psp.name,
      `${psp.url}   ${pc.dim(`(${psp.dialect}${caFile === undefined ? '' : ', https on the same port'})`)}`,
    );
    for (const [name, value] of Object.entries(psp.credentials)) line('', pc.dim(`${name}: ${onOneLine(value)}`));
  }
  line('control', control.url);
  if (proxy !== null) line('proxy', `${proxy.url}   ${pc.dim("(for the PSPs' real host names)")}`);
  if (caFile !== undefined) line('CA', shortest(caFile));
  if (plan.faults > 0) line('faults', `${plan.faults} of ${plan.file}`);
  if (simulator.controlKeptInside)
    output.say(pc.yellow('The control API listens on this machine only; --token <secret> lets others in.'));
  output.say('');
  output.say('Connect an SDK:   assay psp --print-env');
  output.say(`Make it happen:   assay psp trigger ${psps[0]?.name ?? 'stripe'} --list`);
  output.say('Make it fail:     the next answers are lost after the money moved (undo with -X DELETE)');
  output.say(`  curl -X PUT ${control.url}/v1/faults -H 'content-type: application/json' \\`);
  output.say(`    -d '{"faults":[{"fault":"answer-lost","operation":"create-payment"}]}'`);
  output.say('Ctrl-C stops.');
  output.result({
    control: control.url,
    proxy: proxy?.url ?? null,
    ca: caFile ?? null,
    psps: psps.map(({ name, dialect, url, credentials }) => ({
      name,
      dialect,
      url,
      https: caFile === undefined ? null : url.replace(/^http:/, 'https:'),
      credentials,
    })),
  });
}

function shortest(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}

/** A key that takes a page (PEM) is left to the machine-readable form. */
function onOneLine(value: string): string {
  return value.includes('\n') ? '(several lines: see assay psp --print-env --json)' : value;
}
