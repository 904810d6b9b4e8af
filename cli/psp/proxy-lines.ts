/**
 * The way that works without touching code: the proxy and the CA in the settings of a process,
 * per language. The host names stay those of the real PSP.
 */
export interface ProxyContext {
  host: string;
  port: number;
  /** Absolute path of the CA's certificate. */
  caFile: string;
}

export interface ProxyLines {
  language: string;
  /** Ready to paste into a shell. */
  lines: string[];
}

export function proxyLines({ host, port, caFile }: ProxyContext): ProxyLines[] {
  const url = `http://${host}:${port}`;
  const exported = `export HTTPS_PROXY=${url} HTTP_PROXY=${url} NO_PROXY=localhost,127.0.0.1`;
  return [
    {
      language: 'Node 22.21, 24.5 and newer (older ones: SDKs that read HTTPS_PROXY themselves, as axios does)',
      lines: [`${exported} NODE_USE_ENV_PROXY=1`, `export NODE_EXTRA_CA_CERTS=${caFile}`],
    },
    {
      language: 'Python (requests, httpx, urllib)',
      lines: [exported, `export REQUESTS_CA_BUNDLE=${caFile} SSL_CERT_FILE=${caFile}`],
    },
    {
      language: 'Java',
      lines: [
        `keytool -importcert -noprompt -alias assay -file ${caFile} -keystore assay.p12 -storetype PKCS12 -storepass assay-ca`,
        `java -Dhttps.proxyHost=${host} -Dhttps.proxyPort=${port} -Djavax.net.ssl.trustStore=assay.p12 \\`,
        `  -Djavax.net.ssl.trustStorePassword=assay-ca …`,
      ],
    },
    { language: 'PHP (curl)', lines: [exported, `php -d curl.cainfo=${caFile} -d openssl.cafile=${caFile} …`] },
    { language: 'Go', lines: [exported, `export SSL_CERT_FILE=${caFile}`] },
    { language: 'Ruby', lines: [`${exported} http_proxy=${url} https_proxy=${url}`, `export SSL_CERT_FILE=${caFile}`] },
    { language: '.NET (Linux)', lines: [exported, `export SSL_CERT_FILE=${caFile}`] },
    { language: 'curl', lines: [`curl --proxy ${url} --cacert ${caFile} https://…`] },
  ];
}
