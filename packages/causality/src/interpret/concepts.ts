import { ATTRIBUTES, type Concept } from '@upshot/conventions';
import type { Attributes, AttributeValue } from '@upshot/model';
import { isSilent } from './isSilent.js';

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
  if (isSilent(attributes, concept)) return null;
  for (const key of ATTRIBUTES[concept]) {
    const text = asText(attributes.get(key));
    if (text !== null && text !== '') return text;
  }
  return null;
}

/** The ID that .NET's frameworks write where they have none. */
const NO_GUID = '00000000-0000-0000-0000-000000000000';

/** What attributes say of a concept whose values are IDs: the first one, `but` another one that is known. */
export function saidId(attributes: Attributes, concept: Concept, but: string | null = null): string | null {
  if (isSilent(attributes, concept)) return null;
  for (const key of ATTRIBUTES[concept]) {
    const text = asText(attributes.get(key));
    if (text !== null && text !== '' && text !== NO_GUID && text !== but) return text;
  }
  return null;
}

/** Like `said`, but an empty text counts: RabbitMQ's default exchange is "". */
export function saidEvenEmpty(attributes: Attributes, concept: Concept): string | null {
  if (isSilent(attributes, concept)) return null;
  for (const key of ATTRIBUTES[concept]) {
    const text = asText(attributes.get(key));
    if (text !== null) return text;
  }
  return null;
}

/** A whole number that is said, or null. */
export function saidCount(attributes: Attributes, concept: Concept): number | null {
  const text = said(attributes, concept);
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  return bigEndian(text);
}

/** Spring Kafka counts in headers of four bytes, which agents that capture headers read as text. */
function bigEndian(text: string): number | null {
  if (text.length !== 4 || text.charCodeAt(0) !== 0) return null;
  let number = 0;
  for (let at = 0; at < 4; at++) {
    const byte = text.charCodeAt(at);
    if (byte > 0x7f) return null;
    number = number * 256 + byte;
  }
  return number;
}
