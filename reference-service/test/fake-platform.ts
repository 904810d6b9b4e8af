/**
 * The platform's endpoint, scripted: each delivery takes the next answer, else 200. It keeps what
 * arrived, byte for byte, so that a test can check signatures and count deliveries.
 */
import { generateKeyPairSync } from 'node:crypto';
import type { Network } from '../../kernel/index.ts';

export interface Arrival {
  headers: Record<string, string>;
  body: string;
  atMs: number;
}

export interface PlatformAnswer {
  status: number;
  headers?: Record<string, string>;
}

/** 32 bytes, as every secret of these tests. */
export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
export const OLD_SECRET = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;

export class FakePlatform {
  readonly url = 'http://platform/webhooks?token=hidden';
  readonly arrivals: Arrival[] = [];
  readonly script: PlatformAnswer[] = [];
  /** What it says when the script is over. */
  otherwise: PlatformAnswer = { status: 200 };
  /** Requests that are open at the same time, at most. */
  mostAtOnce = 0;
  #open = 0;

  async listen(network: Network, now: () => number): Promise<void> {
    await network.listen({
      name: 'platform',
      listener: (request, response) => {
        this.#open += 1;
        this.mostAtOnce = Math.max(this.mostAtOnce, this.#open);
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          this.#open -= 1;
          const headers = Object.fromEntries(
            Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
          );
          this.arrivals.push({ headers, body: Buffer.concat(chunks).toString('utf8'), atMs: now() });
          const answer = this.script.shift() ?? this.otherwise;
          response.writeHead(answer.status, answer.headers ?? {}).end(answer.status === 200 ? 'thanks' : '');
        });
      },
    });
  }

  ids(): string[] {
    return this.arrivals.map(({ headers }) => headers['webhook-id'] ?? '');
  }

  types(): string[] {
    return this.arrivals.map(({ body }) => (JSON.parse(body) as { type: string }).type);
  }
}

/** An Ed25519 key in the form of the convention, and its public half. */
export function asymmetricSecret(): { secret: string; publicKey: ReturnType<typeof generateKeyPairSync>['publicKey'] } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const seed = Buffer.from(String(privateKey.export({ format: 'jwk' })['d']), 'base64url');
  return { secret: `whsk_${seed.toString('base64')}`, publicKey };
}
