/**
 * The simulator as a process of its own, started as a user starts it. Only its sockets are
 * used: what is verified here is what anybody would meet.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { projectRoot, type Clock } from '../../kernel/index.ts';
import type { ContractedDialect } from '../consumer/example-credentials.ts';

/** Starting means loading sources through a transpiler, on a machine that may be busy. */
const START_DEADLINE_MS = 25_000;

/** The command line from its sources, so that no build can be older than what is verified. */
const COMMAND_LINE = "import { main } from './cli/assay.ts'; process.exitCode = await main(process.argv.slice(1));";
const FROM_SOURCES = ['--import', 'tsx', '--input-type=module', '--eval', COMMAND_LINE];

export interface SimulatedPsp<Dialect extends string = ContractedDialect> {
  name: string;
  dialect: Dialect;
  url: string;
  credentials: Record<string, string>;
}

export interface SimulatorProcess<Dialect extends string = ContractedDialect> {
  /** Root of the control API, without `/v1`. */
  control: string;
  psps: SimulatedPsp<Dialect>[];
  stop(): Promise<void>;
}

/**
 * @param launch arguments of Node before `psp`: how the command line is started
 * @throws Error when it says nothing, or ends, within the deadline
 */
export async function startSimulator<Dialect extends string = ContractedDialect>(
  clock: Clock,
  dialects: readonly Dialect[],
  webhookUrl: string,
  launch: readonly string[] = FROM_SOURCES,
): Promise<SimulatorProcess<Dialect>> {
  const psps = dialects.flatMap((dialect) => ['--psp', `${dialect}:0`]);
  const child = spawn(
    process.execPath,
    [...launch, 'psp', '--json', '--control-port', '0', '--no-https', '--webhook-url', webhookUrl, ...psps],
    { cwd: projectRoot(), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  void gone.then(() => process.off('exit', kill));

  const line = await new Promise<string>((resolve, reject) => {
    const deadline = clock.schedule(START_DEADLINE_MS, 'simulator start', () =>
      reject(new Error('the simulator said nothing')),
    );
    const settle = (act: () => void) => (): void => {
      deadline.cancel();
      act();
    };
    createInterface({ input: child.stdout }).once('line', (text) => settle(() => resolve(text))());
    void gone.then(settle(() => reject(new Error(`the simulator ended: ${errors.join('')}`))));
  }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { ...(JSON.parse(line) as Pick<SimulatorProcess<Dialect>, 'control' | 'psps'>), stop };
}
