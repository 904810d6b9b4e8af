/**
 * The world around the service, in one process of its own: the platform that starts deposits, and
 * a PSP of the dialect acme that takes them and tells of each by a signed webhook.
 *
 *   init ─► (service asks the PSP, which answers `pending`) ─► answered ─► webhook ─► acknowledged
 *
 * One lane does this again and again (closed), or deposits begin at a constant rate whatever the
 * service does (open); then times count from the moment at which a deposit was due. The webhook
 * follows the answer to the platform, so that it never arrives before the service knows the id
 * that it names. Told by its parent through a message: `DriveOrder`; answers with `DriveResult`.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import { answerText, readMessages, requestText, statusOf, type Message } from './wire.ts';

export interface DriveOrder {
  port: number;
  apiKey: string;
  webhookSecret: string;
  /** Deposits are spread over them, one after another. */
  psps: string[];
  players: number;
  lanes: number;
  durationMs: number;
  /** Deposits per second in the open mode; absent: closed. */
  ratePerSecond?: number;
  /** Ends after so many deposits; absent: after `durationMs`. */
  count?: number;
}

export interface DriveResult {
  /** Acknowledged webhooks; each of them stands for a deposit that must be credited. */
  deposits: number;
  refused: number;
  seconds: number;
  /** Milliseconds from the init request to its answer. */
  init: { p50: number; p95: number; p99: number };
  cpuMs: number;
}

const DUE_EVERY_MS = 1;

const AMOUNT = '50.00';

interface Lane {
  socket: Socket;
  onAnswer: (message: Message) => void;
  free: boolean;
}

/** 22 letters: a long run of digits may be a card number by chance, and is refused as one. */
function letters(): string {
  return String.fromCharCode(...randomBytes(22).map((byte) => 97 + (byte % 26)));
}

/** What the PSP was asked for, by our payment id: the return address names it. */
const asked = new Map<string, { psp: string; reference: string; pspReference: string }>();

const pspServer = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  readMessages(socket, ({ start, body }) => {
    // The service looks for settlement files as well: there are none.
    if (!start.startsWith('POST ')) return void socket.write(answerText('200 OK', '{"data":[]}'));
    const { reference, return_url: returnUrl } = JSON.parse(body) as { reference: string; return_url: string };
    const psp = start.split('/')[1] ?? '';
    const pspReference = `apay_${letters()}`;
    asked.set(/\/payments\/([^/]+)\/return/.exec(returnUrl)?.[1] ?? '', { psp, reference, pspReference });
    const payment = { payment_id: pspReference, reference, status: 'pending', amount: AMOUNT, currency: 'EUR' };
    socket.write(answerText('201 Created', JSON.stringify(payment)));
  });
});

function drive(order: DriveOrder): Promise<DriveResult> {
  const { port, psps } = order;
  const headers = `authorization: Bearer ${order.apiKey}\r\n`;
  const latencies: number[] = [];
  const lanes: Lane[] = [];
  const due: number[] = [];
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  let [started, deposits, refused, busy, ended] = [0, 0, 0, 0, false];

  const isOver = (): boolean =>
    order.count === undefined ? performance.now() - startedAt >= order.durationMs : started >= order.count;

  return new Promise((resolve, reject) => {
    const endWhenQuiet = (): void => {
      if (ended || busy > 0 || !isOver()) return;
      ended = true;
      clearInterval(pulse);
      const seconds = (performance.now() - startedAt) / 1_000;
      for (const { socket } of lanes) socket.destroy();
      asked.clear();
      latencies.sort((a, b) => a - b);
      const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? 0;
      const { user, system } = process.cpuUsage(cpu);
      const init = { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
      resolve({ deposits, refused, seconds, init, cpuMs: (user + system) / 1_000 });
    };
    const next = (lane: Lane): void => {
      lane.free = true;
      busy -= 1;
      if (isOver()) return endWhenQuiet();
      if (order.ratePerSecond === undefined) return begin(lane, performance.now());
      const waiting = due.shift();
      if (waiting !== undefined) begin(lane, waiting);
    };
    const begin = (lane: Lane, dueAt: number): void => {
      const psp = psps[started % psps.length] ?? '';
      started += 1;
      busy += 1;
      lane.free = false;
      const player = `player-${String(Math.floor(Math.random() * order.players)).padStart(7, '0')}`;
      const body = JSON.stringify({
        amount: AMOUNT,
        currency: 'EUR',
        method: 'card',
        return_url: 'https://casino.example/cashier',
        player_id: player,
        payment_token: 'tok_ok',
        meta: { country: 'DE', device: 'mobile', psp },
      });
      lane.onAnswer = (answer) => {
        latencies.push(performance.now() - dueAt);
        const { payment_id: paymentId } = JSON.parse(answer.body) as { payment_id?: string };
        const known = asked.get(paymentId ?? '');
        if (statusOf(answer) !== 201 || known === undefined) {
          refused += 1;
          return next(lane);
        }
        asked.delete(paymentId ?? '');
        lane.onAnswer = (acknowledgement) => {
          if (statusOf(acknowledgement) === 200) deposits += 1;
          else refused += 1;
          next(lane);
        };
        lane.socket.write(webhook(known, order.webhookSecret));
      };
      const key = `idempotency-key: k_${letters()}\r\n`;
      lane.socket.write(requestText('/v1/payments/init', headers + key, body));
    };
    let dueAt = startedAt;
    const pulse = setInterval(() => {
      if (isOver()) return endWhenQuiet();
      if (order.ratePerSecond === undefined) return;
      for (const now = performance.now(); dueAt <= now; dueAt += 1_000 / order.ratePerSecond) {
        const lane = lanes.find(({ free }) => free);
        if (lane === undefined) due.push(dueAt);
        else begin(lane, dueAt);
      }
    }, DUE_EVERY_MS);
    for (let index = 0; index < order.lanes; index += 1) {
      const socket = connect(port, '127.0.0.1');
      const lane: Lane = { socket, free: true, onAnswer: () => undefined };
      lanes.push(lane);
      readMessages(socket, (message) => lane.onAnswer(message));
      const broken = (error?: Error): void => {
        if (!ended) reject(error ?? new Error('the service closed a connection under load'));
      };
      socket.on('error', broken);
      socket.on('close', () => broken());
      if (order.ratePerSecond === undefined) begin(lane, performance.now());
    }
  });
}

function webhook(known: { psp: string; reference: string; pspReference: string }, secret: string): string {
  const body = JSON.stringify({
    event_id: `evt_${letters()}`,
    type: 'payment',
    status: 'captured',
    payment_id: known.pspReference,
    reference: known.reference,
    amount: AMOUNT,
    captured_amount: AMOUNT,
    currency: 'EUR',
    timestamp: new Date().toISOString(),
  });
  const seconds = Math.floor(Date.now() / 1_000);
  const signature = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex');
  const headers = `x-timestamp: ${seconds}\r\nx-signature: sha256=${signature}\r\n`;
  return requestText(`/v1/payments/webhook/${known.psp}`, headers, body);
}

pspServer.listen(0, '127.0.0.1', () => {
  const address = pspServer.address();
  process.send?.({ pspPort: typeof address === 'object' ? address?.port : undefined });
});
process.on('message', (order: DriveOrder) => {
  drive(order).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
