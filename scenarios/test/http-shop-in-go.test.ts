/** net/http and Stripe's SDK: each repetition has a key of its own, so the card is charged again. */
import { proveShop } from './shops.ts';

proveShop('a shop in Go', {
  folder: 'go-net-http',
  needs: 'go mod download',
  files: ['shop.go', 'shop_corrected.go'],
  violates: ['I8', 'I13'],
});
