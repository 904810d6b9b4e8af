/**
 * The merchant's endpoint of a soak: acknowledges every webhook at once and counts what came, and
 * how many different events that were.
 */
import { createServer } from 'node:http';
import { announce } from './announce.js';

let received = 0;
const events = new Set();
const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    received += 1;
    events.add(JSON.parse(Buffer.concat(chunks).toString('utf8')).event_id);
    response.writeHead(200).end();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () =>
  announce(server.address().port, { counts: () => ({ received, different: events.size }) }),
);
