/** `assay target init`: writes a target file by asking, each question with a default. */
import { existsSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { UserError } from '../../kernel/index.ts';
import { DIALECTS, parseTarget } from '../../scenarios/index.ts';
import { EXIT } from '../support/exit-codes.ts';
import { requireOneOf } from '../support/options.ts';
import type { Verb } from '../support/verb.ts';
import { createAsker, silentAsker, type Asker } from './ask.ts';
import { proposeFrom } from './from-openapi.ts';
import { targetText, USUAL, type Proposal } from './proposal.ts';

export const verb: Verb = {
  describe: (command: Command) =>
    command
      .description('Writes a target file: how a service of yours is started, asked and observed.')
      .argument('[file]', 'the file to write (default: <name>.yaml)')
      .option('--from-openapi <file>', 'take the proposals from this OpenAPI document')
      .option('--yes', 'ask nothing and take every default')
      .option('--force', 'write over a file that is there')
      .addHelpText(
        'after',
        `
Examples:
  assay target init                                   asks; the answers in brackets are taken for an empty line
  assay target init my-shop.yaml --from-openapi api.yaml --yes

Then: assay target doctor <file>`,
      ),

  async execute([file], options, { output, interrupt }) {
    const given = options['fromOpenapi'];
    const proposal = given === undefined ? USUAL : proposeFrom(String(given));
    const asker = options['yes'] === true ? silentAsker : createAsker({ input: process.stdin, output: process.stderr });
    void interrupt.stopped.then(() => asker.close());
    let answers: Proposal;
    try {
      answers = await questions(proposal, asker);
    } finally {
      asker.close();
    }
    if (interrupt.signal.aborted) return EXIT.inconclusive;
    const path = file ?? `${answers.name}.yaml`;
    if (existsSync(path) && options['force'] !== true)
      throw new UserError(`${path} is there already`, 'Name another file, or write over it with --force.');
    const text = targetText(answers);
    // What cannot be read again is not written.
    parseTarget(text, path);
    writeFileSync(path, text);
    output.say(`Wrote ${path}. Correct it where it is wrong, then try it:`);
    output.say(`  assay target doctor ${path}`);
    output.result({ file: path, exitCode: EXIT.pass });
    return EXIT.pass;
  },
};

async function questions(proposal: Proposal, { ask }: Asker): Promise<Proposal> {
  const name = await ask('Name of the service', proposal.name);
  const dialect = await ask(`Its PSP (${DIALECTS.join(', ')})`, proposal.dialect);
  requireOneOf('PSP', dialect, DIALECTS);
  const command = await ask('Command that starts it, or - when it runs already', proposal.command);
  const runs = command === '-';
  const url = runs ? await ask('Address at which it runs', proposal.url) : proposal.url;
  const depositCall = await ask('How a deposit is made', proposal.depositCall);
  const fields = await ask('Fields of its body', fieldsText(proposal.depositBody));
  const amounts = await ask('Amounts in its answers: major (12.50) or minor (1250)', proposal.amounts);
  requireOneOf('way to write amounts', amounts, ['major', 'minor']);
  const id = await ask('Field of the answer with the id of the deposit', proposal.id);
  const status = await ask('Field with its status', proposal.status);
  const redirect = await ask('Field with the page to which the player is sent', proposal.redirect);
  const statusCall = await ask('How its status is asked for', proposal.statusCall);
  const statusPath = await ask('Field with the status there', proposal.statusPath);
  const succeeded = await ask('Words for: the money is there', proposal.succeeded);
  const pending = await ask('Words for: not decided', proposal.pending);
  const declined = await ask('Words for: no money', proposal.declined);
  const balanceCall = await ask("How a player's balance is read, or -", proposal.balanceCall);
  const balancePath = balanceCall === '-' ? '' : await ask('Field with the balance', proposal.balancePath);
  const entriesCall = await ask('How the movements on it are read, or -', proposal.entriesCall);
  const described = { name, dialect, command: runs ? '' : command, url, depositCall, amounts, id, status, redirect };
  return {
    ...proposal,
    ...described,
    depositBody: fieldsOf(fields),
    statusCall,
    statusPath,
    succeeded,
    pending,
    declined,
    balanceCall: none(balanceCall),
    balancePath,
    entriesCall: none(entriesCall),
    ...(entriesCall === '-' ? {} : await rowQuestions(proposal, ask)),
  };
}

async function rowQuestions(proposal: Proposal, ask: Asker['ask']): Promise<Partial<Proposal>> {
  return {
    entriesList: await ask('Field with the list of movements', proposal.entriesList),
    entryId: await ask('Field of a movement with its id', proposal.entryId),
    entryPayment: await ask('Field with the id of the deposit', proposal.entryPayment),
    entryAmount: await ask('Field with the amount', proposal.entryAmount),
  };
}

function none(answer: string): string {
  return answer === '-' ? '' : answer;
}

/** `player={player}, amount={amount}` */
function fieldsText(body: Readonly<Record<string, string>>): string {
  return Object.entries(body)
    .map(([field, template]) => `${field}=${template}`)
    .join(', ');
}

function fieldsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [field = '', template] = part.split('=').map((side) => side.trim());
      if (field === '' || template === undefined)
        throw new UserError(
          `"${part.trim()}" is no field of a body`,
          'Write them as player={player}, amount={amount}.',
        );
      return [field, template];
    }),
  );
}
