/**
 * What a verb is: a commander command and a function that does the work and answers with an
 * exit code. The common options (`--json`, `--debug`) and the treatment of errors are here,
 * so that every verb behaves alike.
 */
import { Command, CommanderError, Option } from 'commander';
import { UserError } from '../../kernel/index.ts';
import { EXIT, EXIT_CODE_HELP } from './exit-codes.ts';
import { listenForInterrupt, type Interrupt } from './interrupt.ts';
import { createOutput, type Output } from './output.ts';

export interface VerbContext {
  output: Output;
  interrupt: Interrupt;
}

export interface Verb {
  /** Arguments, options, description and `Example:` help of this verb. */
  describe(command: Command): Command;
  /** Does the work; `options` are commander's. Answers with the exit code. */
  execute(args: string[], options: Record<string, unknown>, context: VerbContext): Promise<number>;
}

/** Parses the arguments behind the verb's name, runs it, and turns every error into one sentence. */
export async function runVerb(name: string, verb: Verb, argv: string[]): Promise<number> {
  const debug = argv.includes('--debug');
  const output = createOutput({ json: argv.includes('--json') });
  const interrupt = listenForInterrupt(() => {
    if (output.live) output.note('assay: stopping… (Ctrl-C again ends at once)');
  });
  try {
    const command = describeVerb(name, verb);
    command.parse(argv, { from: 'user' });
    return await verb.execute(command.args, command.opts(), { output, interrupt });
  } catch (error) {
    return report(error, { output, debug, command: `assay ${name}` });
  } finally {
    interrupt.dispose();
  }
}

function describeVerb(name: string, verb: Verb): Command {
  const command = new Command(name).exitOverride().configureOutput({ writeErr: () => {} });
  verb.describe(command);
  return command
    .addOption(new Option('--json', 'print one JSON object on standard output, everything else on standard error'))
    .addOption(new Option('--debug', 'show the stack of an error'))
    .addHelpText('after', `\nExit codes:\n${EXIT_CODE_HELP}`)
    .name(`assay ${name}`);
}

function report(error: unknown, how: { output: Output; debug: boolean; command: string }): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.pass;
    how.output.problem(new UserError(usageMessage(error), usageAdvice(error, how.command), EXIT.usage));
    return EXIT.usage;
  }
  const problem = error instanceof UserError ? error : internal(error);
  how.output.problem(problem);
  if (how.debug && error instanceof Error) how.output.note(error.stack ?? String(error));
  return problem.exitCode;
}

function internal(error: unknown): UserError {
  const message = error instanceof Error ? error.message : String(error);
  return new UserError(
    `internal error: ${message}`,
    'This is a defect of Assay; run the command again with --debug to see where.',
    EXIT.internal,
  );
}

/** commander begins with `error: ` and may append its own suggestion on a new line. */
function usageMessage(error: CommanderError): string {
  return (error.message.split('\n')[0] ?? error.message).replace(/^error: /, '');
}

function usageAdvice(error: CommanderError, command: string): string {
  const suggestion = error.message.split('\n')[1]?.replace(/^\((.*)\)$/, '$1') ?? '';
  return `${suggestion === '' ? '' : `${suggestion} `}See \`${command} --help\`.`;
}
