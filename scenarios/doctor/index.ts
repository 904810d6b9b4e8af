/** Door of the doctor, who tries target files line by line. */
export type { Check, Examination } from './checks.ts';
export { examineTarget, type ExamineOptions } from './examine-target.ts';
