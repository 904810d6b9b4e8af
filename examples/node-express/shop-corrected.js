/**
 * A small shop in Express: players put money into their wallet, Stripe takes it, the wallet is
 * credited when Stripe's webhook says so. State is kept in memory. This one is correct.
 */
import { randomUUID } from 'node:crypto';
import express from 'express';
import Stripe from 'stripe';

const { PORT, STRIPE_URL, STRIPE_KEY, STRIPE_WEBHOOK_SECRET } = process.env;
const api = new URL(STRIPE_URL);
const stripe = new Stripe(STRIPE_KEY, {
  host: api.hostname,
  port: api.port,
  protocol: api.protocol.slice(0, -1),
  timeout: 1_000,
  maxNetworkRetries: 3,
});
const shopUrl = `http://127.0.0.1:${PORT}`;

const orders = new Map();
const entries = [];
const reviews = [];
const app = express();

/** The wallet of a player is what its entries add up to. */
function credit(order, amount) {
  order.status = 'paid';
  entries.push({ id: entries.length + 1, order: order.id, player: order.player, amount });
}

function onPaid(intent) {
  const order = orders.get(intent.metadata.order);
  if (order === undefined || order.status === 'paid') return;
  if (intent.amount_received !== order.amount || intent.currency !== order.currency.toLowerCase()) {
    reviews.push({ id: reviews.length + 1, order: order.id, reason: `Stripe says ${intent.amount_received}` });
    return;
  }
  credit(order, intent.amount_received);
}

function onFailed(intent) {
  const order = orders.get(intent.metadata.order);
  if (order?.status === 'open') order.status = 'failed';
}

app.post('/webhooks/stripe', express.raw({ type: '*/*' }), (request, response) => {
  let event;
  try {
    event = stripe.webhooks.constructEvent(request.body, request.headers['stripe-signature'], STRIPE_WEBHOOK_SECRET);
  } catch {
    return response.status(400).json({ error: 'bad signature' });
  }
  if (event.type === 'payment_intent.succeeded') onPaid(event.data.object);
  if (event.type === 'payment_intent.payment_failed') onFailed(event.data.object);
  response.json({ received: true });
});

app.post('/orders', express.json(), async (request, response) => {
  const { player, amount, currency, card } = request.body;
  const order = { id: randomUUID(), player, amount, currency, status: 'open' };
  orders.set(order.id, order);
  try {
    const intent = await stripe.paymentIntents.create(
      {
        amount,
        currency: currency.toLowerCase(),
        confirm: true,
        payment_method: card,
        payment_method_types: ['card'],
        return_url: `${shopUrl}/return?order=${order.id}`,
        metadata: { order: order.id },
      },
      { idempotencyKey: order.id },
    );
    response.json({ order: order.id, status: order.status, pay_at: intent.next_action?.redirect_to_url?.url });
  } catch (error) {
    // A declined card is Stripe's last word. After a lost answer the webhook will tell.
    if (error instanceof Stripe.errors.StripeCardError) order.status = 'failed';
    response.json({ order: order.id, status: order.status });
  }
});

app.get('/return', (request, response) => {
  const order = orders.get(request.query.order);
  response.send(order?.status === 'paid' ? 'Thank you!' : 'We are waiting for your bank.');
});

app.get('/orders/:id', (request, response) => {
  const order = orders.get(request.params.id);
  if (order === undefined) return response.status(404).json({ error: 'no such order' });
  response.json(order);
});

app.get('/players/:player', (request, response) => {
  const own = entries.filter((entry) => entry.player === request.params.player);
  response.json({ balance: own.reduce((sum, { amount }) => sum + amount, 0), entries: own });
});

app.get('/reviews', (_request, response) => response.json(reviews));

app.listen(PORT, '127.0.0.1');
