/**
 * What a pact asks for is what the provider's OpenAPI document describes, wherever there is such a
 * document: of calls held by PactFlow's comparator, of webhooks by the schema in `webhooks`.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { pactsFolder, readPact, type PactMessage } from '../../contracts/index.ts';
import { projectRoot } from '../../kernel/index.ts';
import { comparePact, type Difference } from './comparator.ts';

type Document = Record<string, unknown>;

const ACME = join(pactsFolder(), 'reference-service-psp-acme.json');
const ACKNOWLEDGEMENTS = join(pactsFolder(), 'acknowledgements');
const ACKNOWLEDGED = join(ACKNOWLEDGEMENTS, 'psp-acme-reference-service.json');

/**
 * What the comparator only warns of. The signature of a webhook is in no parameter of the
 * service's document, since each PSP signs in its own way.
 */
const KNOWN_WARNINGS = /^request\.header\.unknown [a-z-]*(signature|timestamp|paypal-[a-z-]+)$/;

function documentOf(name: string): Document {
  return parse(readFileSync(join(projectRoot(), 'openapi', name), 'utf8')) as Document;
}

/** An interaction that shows no body leaves it to the document; the comparator would take it for an empty one. */
async function compare(document: Document, pact: string): Promise<Difference[]> {
  const found = await comparePact(document, JSON.parse(readFileSync(pact, 'utf8')) as object);
  const bodiless = readPact(pact).interactions.flatMap((one, index) =>
    'request' in one && one.request.body === undefined ? [`[root].interactions[${index}].request.body`] : [],
  );
  return found.filter(({ mockDetails }) => !bodiless.includes(mockDetails?.location ?? ''));
}

const spoken = ({ code, message, mockDetails }: Difference): string =>
  `${code} ${message} in "${mockDetails?.interactionDescription}" at ${mockDetails?.location}`;

const isKnown = ({ code, message }: Difference): boolean =>
  KNOWN_WARNINGS.test(`${code} ${message.split(': ').at(-1)?.toLowerCase()}`);

describe('pacts and OpenAPI documents', () => {
  for (const [pact, name] of [
    [ACME, 'psp-acme.yaml'],
    ...readdirSync(ACKNOWLEDGEMENTS).map((file) => [join(ACKNOWLEDGEMENTS, file), 'payments.yaml'] as const),
  ] as const) {
    it(`${basename(pact)} asks for nothing that ${name} does not describe`, async () => {
      const found = (await compare(documentOf(name), pact)).filter((result) => !isKnown(result));
      assert.deepEqual(found.map(spoken), []);
    });
  }

  it('notices a field that the document does not have any more', async () => {
    const text = JSON.stringify(documentOf('psp-acme.yaml')).replaceAll('"captured_amount"', '"amount_captured"');
    const found = await compare(JSON.parse(text) as Document, ACME);
    assert.ok(found.some(({ code }) => code === 'response.body.incompatible'));
  });

  it('notices an answer that the document does not have any more', async () => {
    const document = documentOf('payments.yaml');
    const paths = document['paths'] as Record<string, Record<string, { responses: Record<string, unknown> }>>;
    delete paths['/v1/payments/webhook/{psp}']?.['post']?.responses['401'];
    const found = await compare(document, ACKNOWLEDGED);
    assert.ok(found.some(({ code }) => code === 'response.status.unknown'));
  });

  describe('webhooks, which the comparator does not read', () => {
    const document = documentOf('psp-acme.yaml');
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    (addFormats as unknown as (instance: Ajv2020) => void)(ajv);
    ajv.addSchema(document, 'acme');
    const validate = ajv.getSchema('acme#/webhooks/event/post/requestBody/content/application~1json/schema');
    const messages = readPact(ACME).interactions.filter(
      (interaction): interaction is PactMessage => interaction.type === 'Asynchronous/Messages',
    );

    it('are all described by the document', () => {
      assert.ok(validate !== undefined && messages.length > 0);
      for (const { description, contents } of messages)
        assert.ok(validate(contents.content), `${description}: ${ajv.errorsText(validate.errors)}`);
    });

    it('with a field of another name would not be', () => {
      const { currency, ...rest } = messages[0]?.contents.content as Record<string, unknown>;
      assert.equal(validate?.({ ...rest, curr: currency }), false);
    });
  });
});
