/** `assay target`: the actions on target files, which describe services that are not ours. */
import type { Command } from 'commander';
import { UserError } from '../kernel/index.ts';
import { didYouMean } from './support/options.ts';
import type { Verb } from './support/verb.ts';

const ACTIONS = ['init', 'doctor'];

export const verb: Verb = {
  describe: (command: Command) =>
    command
      .description('Describes a service of yours in a target file, and tries the file line by line.')
      .argument('<action>', 'init: write a target file by asking · doctor: try one against the started service')
      .argument('[arguments...]', 'see `assay target init --help` and `assay target doctor --help`')
      .addHelpText(
        'after',
        `
Examples:
  assay target init                                        questions, each with a default
  assay target init --from-openapi api.yaml --yes          proposals out of an OpenAPI document
  assay target doctor my-shop.yaml                         what works, what is missing
  assay run happy-day --target my-shop.yaml                then: a first verdict`,
      ),

  execute([action = '']) {
    throw new UserError(`unknown action "${action}" of assay target`, didYouMean(action, ACTIONS));
  },
};
