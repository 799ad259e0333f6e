import { Type } from 'typebox';
import { Nano, Nullable, UnixNano } from './scalars.js';

/** What a page has to know of the server that serves it. */
export const About = Type.Object(
  {
    version: Type.String(),
    otlpHttpUrl: Type.String({
      description: 'Where OTLP over HTTP, event records and CloudEvents are taken.',
    }),
    otlpGrpcUrl: Type.String({ description: 'Where OTLP over gRPC is taken.' }),
    nowUnixNano: UnixNano('The clock of the server.'),
    store: Type.String({ description: 'Where telemetry is kept, in words.' }),
    disk: Nullable(
      Type.Object(
        { freeBytes: Type.Number(), totalBytes: Type.Number() },
        { description: 'Of the disk on which it is kept; null where that is none of this machine.' },
      ),
    ),
    retentionNano: Nullable(Nano('How long telemetry is kept; null: for ever.')),
    limits: Type.Object({
      bodyBytes: Type.Integer({ description: 'Of one request as sent.' }),
      inflatedBytes: Type.Integer({ description: 'Of one request inflated.' }),
      inFlightBytes: Type.Integer({ description: 'Of all requests under way.' }),
    }),
    traceLinks: Type.Array(
      Type.Object({
        name: Type.String(),
        template: Type.String({ description: 'A URL with `{traceId}` and, perhaps, `{spanId}`.' }),
      }),
      { description: 'Other places where traces can be seen, as the operator named them.' },
    ),
  },
  { title: 'About' },
);
export type About = Type.Static<typeof About>;
