/**
 * Webhook endpoints: which event types the merchant wants, set by API. There is one endpoint,
 * because the simulator has one address to deliver to, whatever URL is written here. Kept in
 * the bank's store of saved things, so that a reset forgets it.
 */
import { APPROVED, type SavedMethod } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { seconds } from './details.ts';
import { invalid, jsonAnswer, missingParam, noSuch } from './errors.ts';
import { API_VERSION, endpointIdOf, type EndpointDetails } from './event.ts';
import { choice, fieldsOf, mergedMetadata, refuseUnknown, urlIn } from './fields.ts';
import { isGiven, text, textList, type FormFields } from './form.ts';
import { LIST_PARAMS, listAnswer } from './list.ts';

const SHARED_PARAMS = ['description', 'enabled_events', 'expand', 'metadata', 'url'];
const CREATE_PARAMS = new Set([...SHARED_PARAMS, 'api_version', 'connect']);
const UPDATE_PARAMS = new Set([...SHARED_PARAMS, 'disabled']);
const PLAIN_PARAMS = new Set(['expand']);
const LIST_ENDPOINT_PARAMS = new Set<string>([...LIST_PARAMS]);

export function createEndpoint(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, CREATE_PARAMS);
  const version = text(fields, 'api_version');
  if (version !== undefined && version !== API_VERSION)
    throw invalid(`Events in another version than ${API_VERSION} are not simulated.`, { param: 'api_version' });
  const id = endpointIdOf(call.psp);
  if (call.psp.bank.findMethod(id) !== undefined)
    throw invalid('A second webhook endpoint is not simulated; change or delete the first one.');
  const blank = {
    kind: 'endpoint',
    url: '',
    enabledEvents: [],
    description: null,
    metadata: {},
    disabled: false,
  } as const;
  const endpoint = save(call, changed(blank, fields));
  return jsonAnswer(200, { ...endpointObject(endpoint), secret: call.psp.credentials['webhookSecret'] });
}

export function updateEndpoint(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, UPDATE_PARAMS);
  return jsonAnswer(200, endpointObject(save(call, changed(detailsOf(endpointOf(call)), fields))));
}

export function retrieveEndpoint(call: Call): PspAnswer {
  refuseUnknown(fieldsOf(call), PLAIN_PARAMS);
  return jsonAnswer(200, endpointObject(endpointOf(call)));
}

export function listEndpoints(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, LIST_ENDPOINT_PARAMS);
  const endpoint = call.psp.bank.findMethod(endpointIdOf(call.psp));
  const items =
    endpoint === undefined
      ? []
      : [{ id: endpoint.token, createdAtMs: endpoint.createdAtMs, render: () => endpointObject(endpoint) }];
  return listAnswer(items, fields, { url: '/v1/webhook_endpoints', what: 'webhook endpoint' });
}

export function deleteEndpoint(call: Call): PspAnswer {
  const { token } = endpointOf(call);
  call.psp.bank.removeMethod(token);
  return jsonAnswer(200, { id: token, object: 'webhook_endpoint', deleted: true });
}

function endpointOf(call: Call): SavedMethod {
  const id = call.params['id'] ?? '';
  const saved = id === endpointIdOf(call.psp) ? call.psp.bank.findMethod(id) : undefined;
  if (saved === undefined) throw noSuch('webhook endpoint', id, { param: 'webhook_endpoint', inPath: true });
  return saved;
}

function changed(before: EndpointDetails, fields: FormFields): EndpointDetails {
  const url = urlIn(fields, 'url') ?? before.url;
  if (url === '') throw missingParam('url');
  const enabledEvents = isGiven(fields, 'enabled_events') ? textList(fields, 'enabled_events') : before.enabledEvents;
  if (enabledEvents.length === 0) throw missingParam('enabled_events');
  return {
    kind: 'endpoint',
    url,
    enabledEvents,
    description: text(fields, 'description') ?? before.description,
    metadata: mergedMetadata(before.metadata, fields),
    disabled: choice(fields, ['disabled'], ['true', 'false'], before.disabled ? 'true' : 'false') === 'true',
  };
}

function save(call: Call, details: EndpointDetails): SavedMethod {
  return call.psp.bank.saveMethod({
    token: endpointIdOf(call.psp),
    customer: null,
    type: 'webhook_endpoint',
    brand: null,
    last4: null,
    expiryMonth: null,
    expiryYear: null,
    outcome: APPROVED,
    details: { ...details },
  });
}

function detailsOf(saved: SavedMethod): EndpointDetails {
  return saved.details as unknown as EndpointDetails;
}

function endpointObject(saved: SavedMethod): Record<string, unknown> {
  const { url, enabledEvents, description, metadata, disabled } = detailsOf(saved);
  return {
    id: saved.token,
    object: 'webhook_endpoint',
    api_version: API_VERSION,
    application: null,
    created: seconds(saved.createdAtMs),
    description,
    enabled_events: enabledEvents,
    livemode: false,
    metadata,
    status: disabled ? 'disabled' : 'enabled',
    url,
  };
}
