/**
 * Preload for clients that bring a list of CAs of their own (@mollie/api-client does) and so
 * never look at NODE_EXTRA_CA_CERTS: adds the certificates of that file to every such list.
 *
 *   NODE_EXTRA_CA_CERTS=.assay/ca/ca.pem NODE_OPTIONS="--require /…/trust-ca.cjs" node app.js
 *
 * Plain CommonJS, because it runs in the process under test before anything else. It changes
 * nothing but those lists: certificates are still verified.
 */
'use strict';
const { readFileSync } = require('node:fs');
const tls = require('node:tls');

const file = process.env.NODE_EXTRA_CA_CERTS;
if (file !== undefined && file !== '') {
  const extra = readFileSync(file, 'utf8');
  const createSecureContext = tls.createSecureContext;
  tls.createSecureContext = (options) => {
    // Without a list of its own a client has Node's, which holds the file already.
    if (options === undefined || options.ca === undefined || options.ca === null) return createSecureContext(options);
    return createSecureContext({ ...options, ca: [options.ca, extra].flat() });
  };
}
