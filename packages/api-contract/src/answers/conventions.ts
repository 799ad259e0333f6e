import { Type } from 'typebox';
import { UnixNano } from './scalars.js';

export const BrokenRule = Type.Object(
  {
    rule: Type.String({ description: 'Its path in the conventions file: `requiredFields.traceId`.' }),
    count: Type.Integer({ description: 'How often it was broken.' }),
    examples: Type.Array(Type.String(), { description: 'Keys of workflows in which it was.' }),
  },
  { title: 'BrokenRule' },
);

export const ServiceCompliance = Type.Object(
  {
    service: Type.String(),
    checked: Type.Integer({ description: 'Publishes and attempts that were held against the rules.' }),
    compliant: Type.Integer({ description: 'Those of them that broke none.' }),
    score: Type.Number({ description: 'What to mend first: the highest.' }),
    trend: Type.Number({
      description: 'How the share of what is compliant has changed: above 0 for the better.',
    }),
    periods: Type.Array(
      Type.Object({
        fromUnixNano: UnixNano('Inclusive.'),
        toUnixNano: UnixNano('Exclusive.'),
        checked: Type.Integer(),
        compliant: Type.Integer(),
      }),
      { description: 'The same by time; periods in which nothing was checked are left out.' },
    ),
    rules: Type.Array(BrokenRule, { description: 'What it breaks, the most frequent first.' }),
  },
  { title: 'ServiceCompliance', description: 'How far one service keeps the conventions.' },
);

export const Conventions = Type.Object(
  {
    traceConventions: Type.Object(
      {},
      {
        additionalProperties: true,
        description: 'The rules in force, as the file states them; empty where there are none.',
      },
    ),
    services: Type.Array(ServiceCompliance, { description: 'What to mend first comes first.' }),
  },
  { title: 'Conventions', description: 'The conventions of the project, and who keeps them.' },
);
export type Conventions = {
  traceConventions: Record<string, unknown>;
  services: Type.Static<typeof ServiceCompliance>[];
};
