/**
 * Simulator, reference service and database together on this machine, at the wall's own speed:
 * what `assay up` shows a person and a load run measures. The service is a process of its own,
 * as in production.
 */
import {
  createKeyedRandom,
  createPassiveActivity,
  createRandomIds,
  createRealClock,
  createTcpNetwork,
  freePort,
  type HistorySink,
  NetworkError,
  UserError,
} from '../../kernel/index.ts';
import { createSimulator, type PspConfig, type Simulator } from '../../psp-simulator/index.ts';
import { createRunDatabase, createServiceProcess } from '../../scenarios/index.ts';
import { databaseServer } from './runs.ts';

export interface LocalStackOptions {
  psps: readonly PspConfig[];
  /** 0 lets the system choose. */
  servicePort: number;
  controlPort: number;
  seed: string;
  /** The key that clients of the service must show. */
  apiKey: string;
  history: HistorySink;
  /** File for the service's log; without it the log is thrown away. */
  logPath?: string;
}

export interface LocalStack {
  service: { url: string; apiKey: string };
  simulator: Simulator;
  databaseUrl: string;
  stop(): Promise<void>;
}

export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const { apiKey, history, logPath } = options;
  const clock = createRealClock();
  const closers: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    while (closers.length > 0) await closers.pop()?.();
  };
  try {
    if (options.servicePort !== 0) await requireFreePort(options.servicePort);
    const server = await databaseServer();
    closers.push(() => server.stop());
    const database = await createRunDatabase(server.url);
    closers.push(() => database.close());

    const port = options.servicePort === 0 ? await freePort() : options.servicePort;
    const network = createTcpNetwork({ clock });
    closers.push(() => network.close());
    const simulator = await createSimulator({
      ports: {
        clock,
        wireClock: clock,
        random: createKeyedRandom(options.seed),
        ids: createRandomIds(),
        network,
        history,
        activity: createPassiveActivity(),
      },
      psps: options.psps.map((psp) => ({
        ...psp,
        webhookUrl: `http://127.0.0.1:${port}/v1/payments/webhook/${psp.name}`,
      })),
      control: { port: options.controlPort },
    });
    closers.push(() => simulator.close());

    const service = createServiceProcess({
      clock,
      port,
      environment: {
        DATABASE_URL: database.url,
        API_KEY: apiKey,
        PUBLIC_URL: `http://127.0.0.1:${port}`,
        PSPS: JSON.stringify(
          simulator.psps.map(({ name, dialect, url, credentials }) => ({ name, dialect, baseUrl: url, credentials })),
        ),
      },
      ...(logPath === undefined ? {} : { logPath }),
    });
    closers.push(() => service.stop());
    await service.start();
    return { service: { url: service.url, apiKey }, simulator, databaseUrl: database.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Says so before anything is started; the service itself would only say it in its log. */
async function requireFreePort(port: number): Promise<void> {
  const network = createTcpNetwork({ clock: createRealClock() });
  try {
    const trial = await network.listen({ name: 'trial', port, listener: (_request, response) => response.end() });
    await trial.close(0);
  } catch (error) {
    if (!(error instanceof NetworkError) || error.kind !== 'port-taken') throw error;
    throw new UserError(error.message, 'Choose another with --port <port>; 0 takes any free one.');
  }
}
