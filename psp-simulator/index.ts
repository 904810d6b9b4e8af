/**
 * The door of the PSP simulator: many payment service providers in one process, each speaking
 * a real PSP's wire protocol, each with books that are the ground truth of a run.
 */
export { createSimulator, type RunningPsp, type Simulator, type SimulatorOptions } from './engine/create-simulator.ts';
export type { SimulatorPorts } from './engine/psp.ts';
export type { PspConfig } from './engine/psp-config.ts';
export type { PspProfile } from './dialects/profile.ts';
export type { FaultSpec } from './faults/read-fault.ts';
export { openCaFolder, type CaFolder } from './reach/ca-folder.ts';
export { describeDialects, describeFaults, faultProblem, type DialectDescription } from './engine/describe.ts';
/** For those who hold signatures against vectors. */
export { signWebhook } from './engine/sign-webhook.ts';
export { faultCatalogue } from './faults/catalogue.ts';
export { dryRunFaults, dryRunText, type DryRunOptions, type DryRunReport } from './engine/dry-run.ts';
export type { SampleTraffic } from './engine/dry-run-traffic.ts';
