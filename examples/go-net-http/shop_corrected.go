// A small shop in Go: players put money into their wallet, Stripe takes it, the wallet is credited
// when Stripe's webhook says so. State is kept in memory. This one is correct.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/stripe/stripe-go/v82"
	"github.com/stripe/stripe-go/v82/paymentintent"
	"github.com/stripe/stripe-go/v82/webhook"
)

type Order struct {
	ID       string `json:"id"`
	Player   string `json:"player"`
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
	Status   string `json:"status"`
}

type Entry struct {
	ID     int    `json:"id"`
	Order  string `json:"order"`
	Player string `json:"player"`
	Amount int64  `json:"amount"`
}

type Review struct {
	ID     int    `json:"id"`
	Order  string `json:"order"`
	Reason string `json:"reason"`
}

var (
	lock    sync.Mutex
	orders  = map[string]*Order{}
	entries = []Entry{}
	reviews = []Review{}
	shopURL = "http://127.0.0.1:" + os.Getenv("PORT")
)

const tries = 3

// pay asks Stripe for the money, and again when the answer does not come.
func pay(order Order, card string) (*stripe.PaymentIntent, error) {
	var intent *stripe.PaymentIntent
	var err error
	for try := 1; try <= tries; try++ {
		params := &stripe.PaymentIntentParams{
			Amount:             stripe.Int64(order.Amount),
			Currency:           stripe.String(strings.ToLower(order.Currency)),
			Confirm:            stripe.Bool(true),
			PaymentMethod:      stripe.String(card),
			PaymentMethodTypes: stripe.StringSlice([]string{"card"}),
			ReturnURL:          stripe.String(shopURL + "/return?order=" + order.ID),
			Metadata:           map[string]string{"order": order.ID},
		}
		params.SetIdempotencyKey(order.ID)
		intent, err = paymentintent.New(params)
		var refused *stripe.Error
		if err == nil || errors.As(err, &refused) && refused.Type == stripe.ErrorTypeCard {
			return intent, err
		}
		time.Sleep(50 * time.Millisecond)
	}
	return intent, err
}

func createOrder(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Player, Currency, Card string
		Amount                 int64
	}
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		answer(w, http.StatusBadRequest, map[string]string{"error": "no order in the body"})
		return
	}
	lock.Lock()
	order := &Order{fmt.Sprintf("order-%d-%d", os.Getpid(), len(orders)+1), asked.Player, asked.Amount, asked.Currency, "open"}
	orders[order.ID] = order
	lock.Unlock()

	intent, err := pay(*order, asked.Card)
	lock.Lock()
	defer lock.Unlock()
	payAt := ""
	var refused *stripe.Error
	switch {
	case err == nil && intent.NextAction != nil:
		payAt = intent.NextAction.RedirectToURL.URL
	case errors.As(err, &refused) && refused.Type == stripe.ErrorTypeCard && order.Status == "open":
		order.Status = "failed"
	}
	answer(w, http.StatusOK, map[string]string{"order": order.ID, "status": order.Status, "pay_at": payAt})
}

func receive(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	event, err := webhook.ConstructEventWithOptions(body, r.Header.Get("Stripe-Signature"), os.Getenv("STRIPE_WEBHOOK_SECRET"),
		webhook.ConstructEventOptions{IgnoreAPIVersionMismatch: true})
	if err != nil {
		answer(w, http.StatusBadRequest, map[string]string{"error": "bad signature"})
		return
	}
	var intent stripe.PaymentIntent
	if strings.HasPrefix(string(event.Type), "payment_intent.") && json.Unmarshal(event.Data.Raw, &intent) == nil {
		learn(string(event.Type), intent)
	}
	answer(w, http.StatusOK, map[string]bool{"received": true})
}

func learn(event string, intent stripe.PaymentIntent) {
	lock.Lock()
	defer lock.Unlock()
	order, found := orders[intent.Metadata["order"]]
	if !found || order.Status == "paid" {
		return
	}
	switch event {
	case "payment_intent.payment_failed":
		order.Status = "failed"
	case "payment_intent.succeeded":
		if intent.AmountReceived != order.Amount || strings.ToUpper(string(intent.Currency)) != order.Currency {
			reviews = append(reviews, Review{len(reviews) + 1, order.ID, fmt.Sprintf("Stripe says %d", intent.AmountReceived)})
			return
		}
		order.Status = "paid"
		entries = append(entries, Entry{len(entries) + 1, order.ID, order.Player, order.Amount})
	}
}

func showOrder(w http.ResponseWriter, r *http.Request) {
	lock.Lock()
	defer lock.Unlock()
	order, found := orders[r.PathValue("id")]
	if !found {
		answer(w, http.StatusNotFound, map[string]string{"error": "no such order"})
		return
	}
	answer(w, http.StatusOK, order)
}

func showPlayer(w http.ResponseWriter, r *http.Request) {
	lock.Lock()
	defer lock.Unlock()
	own, balance := []Entry{}, int64(0)
	for _, entry := range entries {
		if entry.Player == r.PathValue("player") {
			own = append(own, entry)
			balance += entry.Amount
		}
	}
	answer(w, http.StatusOK, map[string]any{"balance": balance, "entries": own})
}

func showReviews(w http.ResponseWriter, _ *http.Request) {
	lock.Lock()
	defer lock.Unlock()
	answer(w, http.StatusOK, reviews)
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func main() {
	stripe.Key = os.Getenv("STRIPE_KEY")
	stripe.SetBackend(stripe.APIBackend, stripe.GetBackendWithConfig(stripe.APIBackend, &stripe.BackendConfig{
		URL:               stripe.String(os.Getenv("STRIPE_URL")),
		HTTPClient:        &http.Client{Timeout: time.Second},
		MaxNetworkRetries: stripe.Int64(0),
		LeveledLogger:     &stripe.LeveledLogger{Level: stripe.LevelNull},
	}))
	http.HandleFunc("POST /orders", createOrder)
	http.HandleFunc("POST /webhooks/stripe", receive)
	http.HandleFunc("GET /orders/{id}", showOrder)
	http.HandleFunc("GET /players/{player}", showPlayer)
	http.HandleFunc("GET /reviews", showReviews)
	http.HandleFunc("GET /return", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "We are waiting for your bank.")
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
