import { SOUGHT_SEPARATOR } from '@upshot/model';

/** A text as it is noted and looked for: in lower case, and without what stands between two. Who finds it compares the texts themselves. */
export function soughtText(text: string): string {
  return text.toLowerCase().replaceAll(SOUGHT_SEPARATOR, '\ufffd');
}
