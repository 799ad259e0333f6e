import { Type } from 'typebox';

/** Unix nanoseconds as a decimal string, as in OTLP/JSON: a JSON number would lose the last digits. */
export const UnixNano = (description: string) =>
  Type.String({ description, pattern: '^[0-9]{1,20}$', examples: ['1790000000000000000'] });

/** A span of time in nanoseconds, as a decimal string. */
export const Nano = (description: string) =>
  Type.String({ description, pattern: '^[0-9]{1,20}$', examples: ['1250000000'] });

/** The `id` of a node of the same answer. It means nothing outside of it. */
export const NodeId = (description: string) => Type.String({ description });

/** Hex of 32 digits where a span declared it, any text where an event record did, "" where nobody did. */
export const TraceId = Type.String({
  description:
    'One trace: 32 hex digits from a span, free text from an event record, "" where none was declared.',
});

export const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const FurtherSpanIds = Type.Optional(
  Type.Array(Type.String(), {
    description:
      'Further spans that this node stands for (a receive folded into its attempt, a settle, a republish).',
  }),
);
