/** Door of the scenario language: the file's form, the plan, and the ways from one to the other. */
export { currencyDecimals, majorText, minorUnits } from './amount.ts';
export { ABILITIES, DIALECTS, type Abilities } from './dialects.ts';
export { durationMs, durationText } from './duration.ts';
export { InvalidScenarioError } from './invalid-scenario.ts';
export { defineScenario, loadScenario, parseScenario } from './parse-scenario.ts';
export { eachDialectOnce, type Telling } from './each-dialect.ts';
export { leaveOut, tellsByItself } from './leave-out.ts';
export { onDialect, type OnDialect } from './on-dialect.ts';
export { loadPlanFile, type PlanFile, type PlanFault, type PlanPsp } from './plan-file.ts';
export { resolveScenario } from './resolve-scenario.ts';
export { scenarioSchema } from './check-shape.ts';
export type * from './plan.ts';
export type * from './scenario.ts';
