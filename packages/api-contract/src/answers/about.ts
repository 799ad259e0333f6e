import { Type } from 'typebox';

/** What a page has to know of the server that serves it. */
export const About = Type.Object(
  {
    version: Type.String(),
    otlpHttpUrl: Type.String({
      description: 'Where OTLP over HTTP, event records and CloudEvents are taken.',
    }),
    otlpGrpcUrl: Type.String({ description: 'Where OTLP over gRPC is taken.' }),
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
