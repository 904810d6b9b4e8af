/**
 * The environment of a contract run: the only place in `contracts` that touches it. Pact's
 * native part reports usage to a host of its own unless told not to, and its verifier sends
 * local calls through any proxy it finds; a contract run speaks to the loopback interface only.
 */

/** Makes Pact keep to this machine. Call it before Pact does anything. */
export function keepPactLocal(): void {
  process.env['PACT_DO_NOT_TRACK'] = 'true';
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']) {
    delete process.env[name];
    delete process.env[name.toLowerCase()];
  }
}

/** True when the committed pacts are to be written anew instead of compared. */
export function writesPacts(): boolean {
  return process.env['WRITE_PACTS'] === '1';
}
