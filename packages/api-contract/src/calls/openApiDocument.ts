import type { TObject, TSchema } from 'typebox';
import { API_ERRORS, ApiError } from '../answers/errors.js';
import { type ApiCall, CALLS } from './calls.js';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

/** The API as an OpenAPI 3.1 document, made from the schemas that also check it. Titled schemas become named components. */
export function openApiDocument(version: string): JsonObject {
  const components = new Map<string, Json>();
  const paths: Record<string, { [method: string]: Json }> = {};
  for (const call of Object.values<ApiCall>(CALLS)) {
    paths[call.path] ??= {};
    paths[call.path]![call.method ?? 'get'] = operation(call, components);
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Upshot',
      version,
      summary: 'Causal tracing for event-driven systems',
      description:
        'Times are Unix nanoseconds as decimal strings. Answers may gain fields; none is taken away.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{}, { token: [] }],
    paths,
    components: {
      schemas: Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'Where `upshot serve` was started with a token.',
        },
      },
    },
  };
}

function operation(call: ApiCall, components: Map<string, Json>): JsonObject {
  const responses: Record<string, Json> = {
    ...(Object.keys(call.answers).length === 0
      ? { [call.method === 'post' ? 202 : 204]: { description: call.summary } }
      : { 200: { description: call.summary, content: contentOf(call, components) } }),
  };
  const statuses = new Set(call.errors.map((code) => API_ERRORS[code].status));
  for (const status of [...statuses].sort((a, b) => a - b)) {
    const codes = call.errors.filter((code) => API_ERRORS[code].status === status);
    responses[status] = {
      description: codes.join(', '),
      ...(status === 503
        ? { headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } } }
        : {}),
      content: { 'application/json': { schema: schemaOf(ApiError, components) } },
    };
  }
  return {
    operationId: call.operationId,
    summary: call.summary,
    ...(call.open ? { security: [] } : {}),
    parameters: [...pathParameters(call), ...queryParameters(call.query, components)],
    ...(call.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(call.body, components) } },
          },
        }
      : {}),
    responses,
  };
}

function contentOf(call: ApiCall, components: Map<string, Json>): JsonObject {
  return Object.fromEntries(
    Object.entries(call.answers).map(([mediaType, schema]) => [
      mediaType,
      { schema: schemaOf(schema, components) },
    ]),
  );
}

function pathParameters(call: ApiCall): Json[] {
  return Object.entries(call.pathParameters).map(([name, description]) => ({
    name,
    in: 'path',
    required: true,
    description,
    schema: { type: 'string', minLength: 1 },
  }));
}

function queryParameters(query: TObject, components: Map<string, Json>): Json[] {
  return Object.entries<TSchema>(query.properties).map(([name, property]) => {
    const { description, ...schema } = schemaOf(property, components) as { [key: string]: Json };
    return {
      name,
      in: 'query',
      required: false,
      ...(description ? { description } : {}),
      schema: schema as JsonObject,
    };
  });
}

/** The schema as plain JSON, with a reference in the place of each titled part. */
function schemaOf(schema: TSchema, components: Map<string, Json>): JsonObject {
  return referenced(JSON.parse(JSON.stringify(schema)) as Json, components) as JsonObject;
}

function referenced(schema: Json, components: Map<string, Json>): Json {
  if (Array.isArray(schema)) return schema.map((part) => referenced(part, components));
  if (schema === null || typeof schema !== 'object') return schema;
  const { title, ...rest } = schema as { [key: string]: Json };
  const resolved = Object.fromEntries(
    Object.entries(rest).map(([key, part]) => [key, referenced(part, components)]),
  );
  if (typeof title !== 'string') return resolved;
  components.set(title, resolved);
  return { $ref: `#/components/schemas/${title}` };
}
