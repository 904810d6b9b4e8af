/**
 * The door of the scenario harness: scenario files in, runs with a verdict out. The command
 * line, the load tests and the contracts enter here.
 */
export {
  DIALECTS,
  defineScenario,
  InvalidScenarioError,
  loadPlanFile,
  loadScenario,
  eachDialectOnce,
  onDialect,
  parseScenario,
  resolveScenario,
  scenarioSchema,
} from './dsl/index.ts';
export type { Dialect, DriverKind, OnDialect, Plan, PlanFile, Scenario } from './dsl/index.ts';
export { libraryScenarios, type LibraryScenario } from './library.ts';
export { checkExpectations } from './runner/expectations.ts';
export {
  blindSpots,
  loadTarget,
  onTarget,
  parseTarget,
  pspToken,
  type Target,
  type TargetFile,
} from './targets/foreign/index.ts';
export { usesDatabase } from './drivers/index.ts';
export * from './doctor/index.ts';
export { runScenario, type RunOptions, type RunResult } from './runner/run-scenario.ts';
export type { OtherTraffic, RunProgress } from './runner/play-run.ts';
export { RunStopped } from './runner/stop-run.ts';
export type { Stage } from './runner/stage.ts';
export { projectCommit, projectVersion } from './runner/version.ts';
export {
  closeVirtualDatabase,
  createRunDatabase,
  createServiceProcess,
  type ServiceMutation,
} from './drivers/index.ts';
export { ABILITIES, durationMs } from './dsl/index.ts';
export * from './coverage/index.ts';
export * from './explore/index.ts';
export * from './mutants/index.ts';
export * from './history/index.ts';
export * from './invariants/index.ts';
export * from './reports/index.ts';
