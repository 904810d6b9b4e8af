/** What drivers take from the environment: a database server, what child processes inherit, and how busy the machine is. */
import { availableParallelism, loadavg } from 'node:os';

/** The PostgreSQL server to use, if one is configured. */
export function databaseUrlFromEnvironment(): string | undefined {
  const url = process.env['DATABASE_URL'];
  return url === undefined || url === '' ? undefined : url;
}

/** The environment of a child process: what programs need to start at all, and nothing that steers the target. */
export function inheritedEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'SystemRoot', 'NODE_COMPILE_CACHE'];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name] as string]])),
  );
}

/** Processes per core that wanted to run in the last minute; 0 where the system does not say. */
export function machineBusy(): number {
  return (loadavg()[0] ?? 0) / availableParallelism();
}
