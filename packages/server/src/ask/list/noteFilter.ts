import type { RollUpQuery } from '@upshot/model';
import { attributeHash } from '@upshot/model';
import type { WorkflowFilter } from '../Question.js';
import { soughtText } from './soughtText.js';

/** The facets that notes have where a workflow passes these filters. */
export function facetsOf({ event, consumer, service, environment }: WorkflowFilter): string[] {
  return Object.entries({ event, consumer, service, environment }).flatMap(([name, value]) =>
    value === null ? [] : [`${name}:${value}`],
  );
}

/** Whether these filters look into what was said in a workflow: then its note only says that it may pass. */
export function isSought({ attributes, q }: WorkflowFilter): boolean {
  return attributes.length > 0 || (q !== null && q !== '');
}

/** What a note has to be where its workflow may pass the filters, states aside. */
export function noteFilterOf(filter: WorkflowFilter): Pick<RollUpQuery, 'facets' | 'attributes' | 'text'> {
  const { attributes, q } = filter;
  return {
    facets: facetsOf(filter),
    ...(attributes.length === 0
      ? {}
      : { attributes: attributes.map(([key, value]) => attributeHash(key, value)) }),
    ...(q === null || q === '' ? {} : { text: soughtText(q) }),
  };
}
