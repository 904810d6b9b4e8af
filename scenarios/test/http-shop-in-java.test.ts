/** The JDK and Mollie's HTTP API: between looking and crediting there is room for another webhook. */
import { proveShop } from './shops.ts';

proveShop('a shop in Java', {
  folder: 'java-http',
  needs: 'javac --version && java --version',
  files: ['Shop.java', 'corrected/Shop.java'],
  violates: ['I1'],
});
