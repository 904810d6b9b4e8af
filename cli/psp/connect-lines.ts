/**
 * How the official SDKs of each PSP are led to the simulator: by an option of their own where
 * they have one. Only options that are known to work are here; everything else goes through the
 * proxy (`proxy-lines.ts`). `docs/CONNECT.md` explains, a test runs the lines for Node.
 */
export interface ConnectContext {
  /** Base URL of the PSP, without a trailing slash. */
  url: string;
  https: string;
  credentials: Readonly<Record<string, string>>;
  /** Host and port of the proxy; null without one. */
  proxy: { host: string; port: number } | null;
  /** Preload for clients that pin a list of CAs. */
  trustCa: string;
  caFile: string;
}

export interface ConnectLines {
  language: 'Node' | 'Python' | 'Java' | 'PHP' | 'Go' | 'Ruby' | '.NET' | 'any';
  /** Name of the package, as its registry knows it. */
  sdk: string;
  /** Ready to paste. */
  lines: string[];
  /** What its process needs in the environment. */
  environment?: Record<string, string>;
}

type Connector = (psp: ConnectContext) => ConnectLines[];

const stripe: Connector = ({ url, credentials: { apiKey } }) => {
  const { hostname, port } = new URL(url);
  return [
    {
      language: 'Node',
      sdk: 'stripe',
      lines: [
        `const Stripe = require('stripe');`,
        `const stripe = new Stripe('${apiKey}', { host: '${hostname}', port: ${port}, protocol: 'http' });`,
      ],
    },
    {
      language: 'Python',
      sdk: 'stripe',
      lines: [`client = stripe.StripeClient("${apiKey}", base_addresses={"api": "${url}"})`],
    },
    {
      language: 'Java',
      sdk: 'com.stripe:stripe-java',
      lines: [`Stripe.apiKey = "${apiKey}";`, `Stripe.overrideApiBase("${url}");`],
    },
    {
      language: 'PHP',
      sdk: 'stripe/stripe-php',
      lines: [`$stripe = new \\Stripe\\StripeClient(['api_key' => '${apiKey}', 'api_base' => '${url}']);`],
    },
    {
      language: 'Go',
      sdk: 'github.com/stripe/stripe-go',
      lines: [
        `stripe.Key = "${apiKey}"`,
        `stripe.SetBackend(stripe.APIBackend, stripe.GetBackendWithConfig(stripe.APIBackend,`,
        `	&stripe.BackendConfig{URL: stripe.String("${url}")}))`,
      ],
    },
    { language: 'Ruby', sdk: 'stripe', lines: [`Stripe.api_key = "${apiKey}"`, `Stripe.api_base = "${url}"`] },
    {
      language: '.NET',
      sdk: 'Stripe.net',
      lines: [`StripeConfiguration.StripeClient = new StripeClient("${apiKey}", apiBase: "${url}");`],
    },
  ];
};

/** Adyen's SDKs write their host names into the code; the Node SDK takes a proxy. */
const adyen: Connector = ({ https, credentials: { apiKey }, proxy, caFile }) => {
  const environment = { NODE_EXTRA_CA_CERTS: caFile };
  const through: ConnectLines[] =
    proxy === null
      ? []
      : [
          {
            language: 'Node',
            sdk: '@adyen/api-library',
            lines: [
              `const { Client, CheckoutAPI, EnvironmentEnum } = require('@adyen/api-library');`,
              `const client = new Client({ apiKey: '${apiKey}', environment: EnvironmentEnum.TEST });`,
              `client.httpClient.proxy = { host: '${proxy.host}', port: ${proxy.port} };`,
            ],
            environment,
          },
        ];
  return [
    ...through,
    {
      language: 'Node',
      sdk: '@adyen/api-library, without the proxy',
      lines: [
        `const { Client, CheckoutAPI, EnvironmentEnum } = require('@adyen/api-library');`,
        `const client = new Client({ apiKey: '${apiKey}', environment: EnvironmentEnum.LIVE,`,
        `  liveEndpointUrlPrefix: '${https.replace(/^https:\/\//, '')}/adyen' });`,
      ],
      environment,
    },
  ];
};

const checkout: Connector = ({ url, credentials: { secretKey, publicKey } }) => [
  {
    language: 'Node',
    sdk: 'checkout-sdk-node',
    lines: [
      `const { Checkout } = require('checkout-sdk-node');`,
      `const checkout = new Checkout('${secretKey}', { host: '${url}', pk: '${publicKey}' });`,
    ],
  },
];

const paypal: Connector = ({ url, credentials: { clientId, clientSecret } }) => [
  {
    language: 'Node',
    sdk: '@paypal/paypal-server-sdk',
    lines: [
      `const { Client, Environment } = require('@paypal/paypal-server-sdk');`,
      `const client = new Client({`,
      `  clientCredentialsAuthCredentials: { oAuthClientId: '${clientId}', oAuthClientSecret: '${clientSecret}' },`,
      `  environment: Environment.Sandbox,`,
      `  unstable_httpClientOptions: { baseURL: '${url}', allowAbsoluteUrls: false },`,
      `});`,
    ],
  },
];

const mollie: Connector = ({ url, https, credentials: { apiKey }, trustCa, caFile }) => [
  {
    language: 'Node',
    sdk: 'mollie-api-typescript',
    lines: [
      `const { Client } = require('mollie-api-typescript');`,
      `const mollie = new Client({ serverURL: '${url}', security: { apiKey: '${apiKey}' } });`,
    ],
  },
  {
    language: 'Node',
    sdk: '@mollie/api-client, which trusts its own list of CAs only',
    lines: [
      `const { createMollieClient } = require('@mollie/api-client');`,
      `const mollie = createMollieClient({ apiKey: '${apiKey}', apiEndpoint: '${https}/v2/' });`,
    ],
    environment: { NODE_EXTRA_CA_CERTS: caFile, NODE_OPTIONS: `--require ${quoted(trustCa)}` },
  },
  {
    language: 'PHP',
    sdk: 'mollie/mollie-api-php',
    lines: [
      `$mollie = new \\Mollie\\Api\\MollieApiClient();`,
      `$mollie->setApiEndpoint('${url}');`,
      `$mollie->setApiKey('${apiKey}');`,
    ],
  },
  {
    language: 'Python',
    sdk: 'mollie-api-python',
    lines: [`mollie = Client()`, `mollie.set_api_endpoint("${url}")`, `mollie.set_api_key("${apiKey}")`],
  },
];

/** Node splits its options at spaces, except in quotes. */
function quoted(path: string): string {
  return path.includes(' ') ? `"${path}"` : path;
}

const CONNECTORS: Readonly<Record<string, Connector>> = { stripe, adyen, checkout, paypal, mollie };

/** Lines for one PSP; one that has no official SDK is called by its base URL. */
export function connectLines(dialect: string, psp: ConnectContext): ConnectLines[] {
  return CONNECTORS[dialect]?.(psp) ?? [{ language: 'any', sdk: 'any HTTP client', lines: [psp.url] }];
}
