/**
 * The door of the contracts: what the reference service needs of each PSP, as Pact files that
 * a PSP can be sent. Making and verifying them are tests (`consumer/`, `provider/`).
 */
export {
  listPacts,
  pactFileName,
  pactsFolder,
  readPact,
  titleOf,
  type PactBody,
  type PactCall,
  type PactFile,
  type PactInteraction,
  type PactMessage,
  type PactState,
} from './pact-files.ts';
