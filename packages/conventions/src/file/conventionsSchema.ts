import { FIELDS, RULE_GROUPS, RULE_PHASES, SEVERITIES } from '../rules/Rules.js';

const TEXT = { type: 'string', minLength: 1, maxLength: 500 } as const;
const NAMES = { type: 'array', items: TEXT, maxItems: 1000 } as const;
const oneOrMore = (item: object) => ({ anyOf: [item, { type: 'array', items: item, maxItems: 1000 }] });
const SERVICES = {
  ...oneOrMore(TEXT),
  description: 'Services for which it holds; * is any run of characters.',
};
const PATTERN = { ...TEXT, format: 'regex', description: 'A regular expression for the whole name.' };
const ATTEMPTS = { type: 'integer', minimum: 1, maximum: 1_000_000 } as const;
const RULE_ID = {
  enum: [
    ...RULE_GROUPS,
    ...FIELDS.map((field) => `requiredFields.${field}`),
    'spanNaming.style',
    'spanNaming.pattern',
  ],
};

const map = (description: string, properties: object, required: readonly string[] = []) => ({
  type: 'object',
  description,
  properties,
  additionalProperties: false,
  ...(required.length === 0 ? {} : { required }),
});

/** The form of a conventions file as JSON Schema, for editors. `conventions.schema.json` beside the sources is this. */
export const CONVENTIONS_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Upshot trace conventions',
  ...map(
    'What the telemetry of a project has to say. Checked by upshot serve --conventions, upshot lint and the SDK.',
    {
      $schema: { type: 'string' },
      traceConventions: map('The rules.', {
        requiredFields: {
          description:
            'What publishes and attempts must state themselves. consumerName is wanted where something is consumed.',
          type: 'array',
          maxItems: 1000,
          items: {
            anyOf: [
              { enum: [...FIELDS] },
              map(
                'A field in some phases or services only.',
                {
                  field: { enum: [...FIELDS] },
                  phases: {
                    ...oneOrMore({ enum: [...RULE_PHASES] }),
                    description: 'consumed is every phase of an attempt.',
                  },
                  services: SERVICES,
                },
                ['field'],
              ),
            ],
          },
        },
        spanNaming: map('How steps are named.', {
          style: {
            enum: ['business-step-first', 'any'],
            description: 'business-step-first: an attempt names its business step, not only its transport.',
          },
          pattern: PATTERN,
          services: SERVICES,
        }),
        eventNames: {
          description: 'Names that events may have: in the list, or by the pattern.',
          anyOf: [NAMES, { ...map('', { allowed: NAMES, pattern: PATTERN }), minProperties: 1 }],
        },
        expectedConsumers: {
          description: 'Event name → the consumers that must react to it, else the delivery is missing.',
          type: 'object',
          maxProperties: 1000,
          additionalProperties: oneOrMore({
            anyOf: [
              TEXT,
              map(
                'A consumer, and how soon it must react.',
                {
                  consumer: { ...TEXT, description: 'As answers name it.' },
                  within: {
                    type: 'string',
                    pattern: '^[0-9]{1,9}(ms|s|m|min|h|d)$',
                    default: '30s',
                    examples: ['30s', '5m'],
                  },
                },
                ['consumer'],
              ),
            ],
          }),
        },
        owners: {
          description: 'Service → who answers for it; told with every violation.',
          type: 'object',
          maxProperties: 1000,
          additionalProperties: TEXT,
        },
        maxAttempts: {
          description: 'How often one delivery may be tried.',
          anyOf: [
            ATTEMPTS,
            map('By consumer.', {
              default: ATTEMPTS,
              consumers: { type: 'object', maxProperties: 1000, additionalProperties: ATTEMPTS },
            }),
          ],
        },
        forbiddenAttributes: {
          description: 'Attribute keys that must not be sent; * is any run of characters.',
          type: 'array',
          maxItems: 1000,
          items: {
            anyOf: [
              TEXT,
              map('An attribute that some services must not send.', { name: TEXT, services: SERVICES }, [
                'name',
              ]),
            ],
          },
        },
        severity: {
          description:
            'Rule → how much it weighs. What is not named is a warning, a missing delivery an error.',
          type: 'object',
          propertyNames: RULE_ID,
          additionalProperties: { enum: [...SEVERITIES] },
        },
        exceptions: {
          description: 'What is let pass until a day.',
          type: 'array',
          maxItems: 1000,
          items: map(
            'An exception.',
            {
              rule: RULE_ID,
              service: { ...TEXT, description: 'Default: all. Of an expected consumer, the consumer.' },
              name: { ...TEXT, description: 'The event, step or attribute. Default: all.' },
              until: {
                type: 'string',
                pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?Z)?$',
                description: 'The last day on which it holds (UTC).',
              },
              reason: TEXT,
            },
            ['rule', 'until'],
          ),
        },
      }),
    },
    ['traceConventions'],
  ),
} as const;
