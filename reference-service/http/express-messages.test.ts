/** Goal: requests over TCP have Express's prototypes before Express sees them, and everything of Express works on them. */
import assert from 'node:assert/strict';
import express from 'express';
import { createRealClock, createTcpNetwork } from '../../kernel/index.ts';
import { messagesOf } from './express-messages.ts';

describe('messages of an Express app', () => {
  it('have its prototypes from the beginning, and all its methods', async () => {
    const app = express();
    app.get('/hello/:name', (request, response) => {
      response.status(201).set('x-name', String(request.params['name'])).json({ query: request.query, ip: request.ip });
    });
    let wasExpress = false;
    const network = createTcpNetwork({ clock: createRealClock() });
    const listening = await network.listen({
      name: 'express',
      messages: messagesOf(app),
      listener: (request, response) => {
        wasExpress = Object.getPrototypeOf(request) === app.request && Object.getPrototypeOf(response) === app.response;
        app(request, response);
      },
    });
    try {
      const url = `${listening.url}/hello/anna?a=1`;
      const answer = await network.request({ method: 'GET', url, headers: {}, timeoutMs: 5_000 });
      assert.equal(wasExpress, true);
      assert.equal(answer.status, 201);
      assert.equal(answer.headers['x-name'], 'anna');
      assert.deepEqual(JSON.parse(answer.body.toString()), { query: { a: '1' }, ip: '127.0.0.1' });
    } finally {
      await network.close();
    }
  });
});
