import { ATTRIBUTES, type Concept } from '@upshot/conventions';
import type { Attributes, AttributeValue } from '@upshot/model';

/** An attribute's value as text: numbers and booleans in decimal, an array by its first element, anything else null. */
export function asText(value: AttributeValue | undefined): string | null {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return Array.isArray(value) && value.length > 0 ? asText(value[0]) : null;
  }
}

/** What attributes say of a concept: the first key of the vocabulary's table that is present and not empty. */
export function said(attributes: Attributes, concept: Concept): string | null {
  for (const key of ATTRIBUTES[concept]) {
    const text = asText(attributes.get(key));
    if (text !== null && text !== '') return text;
  }
  return null;
}

/** Like `said`, but an empty text counts: RabbitMQ's default exchange is "". */
export function saidEvenEmpty(attributes: Attributes, concept: Concept): string | null {
  for (const key of ATTRIBUTES[concept]) {
    const text = asText(attributes.get(key));
    if (text !== null) return text;
  }
  return null;
}

/** A whole number that is said, or null. */
export function saidCount(attributes: Attributes, concept: Concept): number | null {
  const text = said(attributes, concept);
  if (text === null || !/^\d{1,9}$/.test(text)) return null;
  return Number(text);
}
