/**
 * Door of the drivers: the only place that brings simulator and service together, on one clock
 * in one process (virtual) or as processes over real sockets (http).
 */
import type { DriverKind } from '../dsl/index.ts';
import type { World } from '../runner/world.ts';
import { createForeignWorld } from './http/foreign-world.ts';
import { createHttpWorld } from './http/http-world.ts';
import { createVirtualWorld } from './virtual/virtual-world.ts';
import type { WorldOptions } from './world-options.ts';

export type { ServiceMutation, WorldOptions } from './world-options.ts';
export { usesDatabase } from './http/foreign-world.ts';
export { createRunDatabase, type RunDatabase } from './http/run-database.ts';
export { createServiceProcess, type ServiceProcess } from './http/service-process.ts';
export { closeVirtualDatabase } from './virtual/virtual-database.ts';

/** Builds the world of one run; the caller closes it. */
export function createWorld(kind: DriverKind, options: WorldOptions): Promise<World> {
  if (kind === 'virtual') return createVirtualWorld(options);
  const { target } = options;
  return target === undefined ? createHttpWorld(options) : createForeignWorld({ ...options, target });
}
