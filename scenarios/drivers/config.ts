/** What drivers take from the environment: a database server, and what child processes inherit. */

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
