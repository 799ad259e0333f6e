import type { Static, TObject, TProperties, TSchema } from 'typebox';
import { Value } from 'typebox/value';

/** A parameter of a request that is wrong. The message says which, what is wrong, and what would be right. */
export class BadParameter extends Error {
  override readonly name = 'BadParameter';
}

export type RawQuery = { readonly [name: string]: string | readonly string[] | undefined };

/**
 * The parameters of a query string, checked against their schema and converted: integers are numbers, lists are arrays.
 * Defaults are not filled in. Throws `BadParameter`.
 */
export function parseQuery<Properties extends TProperties>(
  schema: TObject<Properties>,
  raw: RawQuery,
): Static<TObject<Properties>> {
  const known: Record<string, TSchema> = schema.properties;
  const parsed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(raw)) {
    if (value === undefined) continue;
    const property = Object.hasOwn(known, name) ? known[name] : undefined;
    if (property === undefined) throw new BadParameter(unknownParameter(name, Object.keys(known)));
    if (value === '' && name !== 'environment') continue;
    const converted = convert(name, property, value);
    if (!Value.Check(property, converted)) {
      throw new BadParameter(`${name} must be ${expectation(property)}, and is ${shown(value)}`);
    }
    parsed[name] = converted;
  }
  return parsed as Static<TObject<Properties>>;
}

function convert(name: string, schema: TSchema, value: string | readonly string[]): unknown {
  const facts = schema as JsonSchemaFacts;
  if (facts.type === 'array') {
    const values = typeof value === 'string' ? [value] : value;
    return facts.items?.enum ? values.flatMap((text) => text.split(',')).map((text) => text.trim()) : values;
  }
  if (typeof value !== 'string')
    throw new BadParameter(`${name} may be given once, and is given ${value.length} times`);
  if (facts.type === 'integer' && /^-?[0-9]{1,15}$/.test(value)) return Number(value);
  return value;
}

/** What JSON Schema says that a message can use. */
interface JsonSchemaFacts {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly items?: JsonSchemaFacts;
}

function expectation(schema: JsonSchemaFacts): string {
  if (schema.enum) return `one of ${schema.enum.join(', ')}`;
  if (schema.type === 'integer') return `an integer from ${schema.minimum} to ${schema.maximum}`;
  if (schema.type === 'array')
    return `${expectation(schema.items ?? {})} (at most ${schema.maxItems} of them)`;
  if (schema.pattern === '^[^:].*:') return 'of the form KEY:VALUE';
  return `a text of at most ${schema.maxLength} characters`;
}

function unknownParameter(name: string, known: readonly string[]): string {
  const may = known.length === 0 ? 'this call takes none' : `known are ${known.join(', ')}`;
  return `there is no parameter ${shown(name)}: ${may}`;
}

function shown(value: string | readonly string[]): string {
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
