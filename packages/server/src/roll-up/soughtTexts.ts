import { SOUGHT_SEPARATOR, type WorkflowGraph } from '@upshot/model';
import { soughtText } from '../ask/list/soughtText.js';
import { textsOf } from '../ask/list/textsOf.js';

/** Characters of one note: some 1,500 events with IDs of 36. A workflow with more is looked into each time that somebody looks for a text. */
const MOST_CHARACTERS = 65_536;

/** What `q` is looked for in, as it is noted of a workflow; null where that is too much. */
export function soughtTexts(graph: WorkflowGraph): string | null {
  const met = new Set<string>();
  const texts: string[] = [];
  let characters = 0;
  for (const text of textsOf(graph)) {
    if (text === '' || met.has(text)) continue;
    met.add(text);
    texts.push(soughtText(text));
    characters += text.length + 1;
    if (characters > MOST_CHARACTERS) return null;
  }
  return texts.join(SOUGHT_SEPARATOR);
}
