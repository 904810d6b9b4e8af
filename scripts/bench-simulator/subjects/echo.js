/**
 * The yardstick: the least that a JSON server on `node:http` can do. It reads the whole body,
 * parses it as what it is (JSON or a form) and answers JSON.
 */
import { createServer } from 'node:http';
import { announce } from './announce.js';

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const text = Buffer.concat(chunks).toString('utf8');
    const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
    const value = isForm ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text);
    const answer = JSON.stringify(value);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) });
    response.end(answer);
  });
});

server.listen(0, '127.0.0.1', () => announce(server.address().port));
