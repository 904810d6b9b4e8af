/** Flask and Stripe's SDK: whoever comes back from the challenge is credited. */
import { proveShop } from './shops.ts';

proveShop('a shop in Python', {
  folder: 'python-flask',
  needs:
    'test -d .venv || (python3 -m venv .venv && .venv/bin/pip install -q -r requirements.txt || (rm -rf .venv; exit 1))',
  files: ['shop.py', 'shop_corrected.py'],
  violates: ['I2'],
});
