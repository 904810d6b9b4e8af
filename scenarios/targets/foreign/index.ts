/** Door of foreign targets: target files in, clients of somebody else's service out. */
export { blindSpots, notedTarget, type BlindSpot } from './blind-spots.ts';
export { createForeignClient, type ForeignClient, type ForeignClientOptions } from './foreign-client.ts';
export { NotAsDescribed, NotDescribed } from './errors.ts';
export { fillText, fillUrl, namesIn, type Values } from './fill.ts';
export { onTarget } from './on-target.ts';
export { pspToken } from './psp-tokens.ts';
export { createRowReader, type RowReader } from './read-rows.ts';
export { loadTarget, parseTarget, targetSchema } from './read-target.ts';
export { sendCall } from './send-call.ts';
export type { CallSpec, OperationSpec, StartSpec, Target, TargetFile, TargetPsp } from './target-file.ts';
