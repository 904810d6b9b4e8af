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
export {
  bytesOf,
  readVectors,
  SCHEMES,
  vectorPath,
  type SchemeName,
  type VectorBytes,
  type VectorCase,
  type VectorFile,
  type VectorVerdict,
} from './vectors/read-vectors.ts';
export {
  listChecks,
  runVerify,
  STAGES,
  type Listed,
  type Result,
  type RunOptions,
  type Summary,
} from './verify/index.ts';
