/**
 * A fresh database for one run on a real PostgreSQL server: the given one, the one of the
 * environment, or the embedded server.
 */
import { join } from 'node:path';
import {
  createDatabase,
  createRandomIds,
  dropDatabase,
  projectRoot,
  startEmbeddedPostgres,
} from '../../../kernel/index.ts';
import { databaseUrlFromEnvironment } from '../config.ts';

export interface RunDatabase {
  url: string;
  /** Drops the database, and stops the server if it was started for this run. */
  close(): Promise<void>;
}

export async function createRunDatabase(serverUrl: string | undefined): Promise<RunDatabase> {
  const given = serverUrl ?? databaseUrlFromEnvironment();
  const embedded =
    given === undefined
      ? await startEmbeddedPostgres({ dataDir: join(projectRoot(), '.assay', 'postgres') })
      : undefined;
  const server = given ?? embedded?.url ?? '';
  const name = `assay_run_${createRandomIds().uuid().replaceAll('-', '')}`;
  try {
    const url = await createDatabase(server, { name });
    return {
      url,
      close: async () => {
        await dropDatabase(server, name);
        await embedded?.stop();
      },
    };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}
