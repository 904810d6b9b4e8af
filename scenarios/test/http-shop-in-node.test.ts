/** Express and Stripe's SDK: every webhook credits, whether it was seen before and whatever it says. */
import { proveShop } from './shops.ts';

proveShop('a shop in Node', {
  folder: 'node-express',
  needs: 'node --version',
  files: ['shop.js', 'shop-corrected.js'],
  violates: ['I1'],
});
