"""A small shop in Flask: players put money into their wallet, Stripe takes it, the wallet is credited.

State is kept in SQLite. This one is correct.
"""

import os
import sqlite3
import uuid

import stripe
from flask import Flask, jsonify, request

DATABASE = os.environ.get("SHOP_DATABASE", ":memory:")
stripe.api_key = os.environ["STRIPE_KEY"]
stripe.api_base = os.environ["STRIPE_URL"]
stripe.max_network_retries = 3
stripe.default_http_client = stripe.RequestsClient(timeout=1)
SHOP_URL = f"http://127.0.0.1:{os.environ['PORT']}"

app = Flask(__name__)
# Threads share the connection: SQLite takes one statement after the other.
db = sqlite3.connect(DATABASE, check_same_thread=False)
db.row_factory = sqlite3.Row
db.executescript(
    """
    create table orders (id text primary key, player text, amount integer, currency text, status text);
    create table entries (id integer primary key, order_id text unique, player text, amount integer);
    create table reviews (id integer primary key, order_id text, reason text);
    """
)


def credit(order):
    """Each order is credited once: the unique order_id sees to it."""
    with db:
        db.execute("update orders set status = 'paid' where id = ?", (order["id"],))
        db.execute(
            "insert or ignore into entries (order_id, player, amount) values (?, ?, ?)",
            (order["id"], order["player"], order["amount"]),
        )


def find(order_id):
    return db.execute("select * from orders where id = ?", (order_id,)).fetchone()


@app.post("/orders")
def create_order():
    asked = request.get_json()
    order_id = str(uuid.uuid4())
    with db:
        db.execute(
            "insert into orders values (?, ?, ?, ?, 'open')",
            (order_id, asked["player"], asked["amount"], asked["currency"]),
        )
    pay_at = None
    try:
        intent = stripe.PaymentIntent.create(
            amount=asked["amount"],
            currency=asked["currency"].lower(),
            confirm=True,
            payment_method=asked["card"],
            payment_method_types=["card"],
            return_url=f"{SHOP_URL}/return?order={order_id}",
            metadata={"order": order_id},
            idempotency_key=order_id,
        )
        if intent.next_action is not None:
            pay_at = intent.next_action.redirect_to_url.url
    except stripe.CardError:
        with db:
            db.execute("update orders set status = 'failed' where id = ? and status = 'open'", (order_id,))
    except stripe.StripeError:
        pass  # Nobody knows; the webhook will tell.
    return jsonify(order=order_id, status=find(order_id)["status"], pay_at=pay_at)


@app.get("/return")
def come_back():
    """Stripe sends the player's browser here after the challenge."""
    order = find(request.args.get("order", ""))
    if order is None:
        return "No such order.", 404
    return "Thank you!" if order["status"] == "paid" else "We are waiting for your bank."


@app.post("/webhooks/stripe")
def webhook():
    try:
        event = stripe.Webhook.construct_event(
            request.get_data(), request.headers.get("Stripe-Signature", ""), os.environ["STRIPE_WEBHOOK_SECRET"]
        )
    except (ValueError, stripe.SignatureVerificationError):
        return jsonify(error="bad signature"), 400
    intent = event.data.object
    order = find(intent.metadata["order"]) if event.type.startswith("payment_intent.") else None
    if order is None:
        return jsonify(received=True)
    if event.type == "payment_intent.succeeded":
        if (intent.amount_received, intent.currency.upper()) == (order["amount"], order["currency"]):
            credit(order)
        else:
            with db:
                db.execute(
                    "insert into reviews (order_id, reason) values (?, ?)",
                    (order["id"], f"Stripe says {intent.amount_received}"),
                )
    elif event.type == "payment_intent.payment_failed":
        with db:
            db.execute("update orders set status = 'failed' where id = ? and status = 'open'", (order["id"],))
    return jsonify(received=True)


@app.get("/orders/<order_id>")
def show_order(order_id):
    order = find(order_id)
    return (jsonify(dict(order)), 200) if order else (jsonify(error="no such order"), 404)


@app.get("/players/<player>")
def show_player(player):
    rows = db.execute("select id, order_id, amount from entries where player = ? order by id", (player,)).fetchall()
    return jsonify(balance=sum(row["amount"] for row in rows), entries=[dict(row) for row in rows])


@app.get("/reviews")
def show_reviews():
    return jsonify([dict(row) for row in db.execute("select * from reviews order by id").fetchall()])


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]), threaded=True)
