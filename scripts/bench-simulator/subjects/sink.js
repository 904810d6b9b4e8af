/** The merchant's endpoint of a soak: acknowledges every webhook at once and counts what came, and what came twice. */
import { createServer } from 'node:http';
import { announce } from './announce.js';

let received = 0;
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    received += 1;
    response.writeHead(200).end();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => announce(server.address().port, { counts: () => ({ received }) }));
