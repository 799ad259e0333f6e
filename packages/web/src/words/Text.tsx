import { cutText } from './cutText.js';
import { safeText } from './format.js';

/** Characters of a tooltip: more than fits a screen helps nobody, and some browsers hang on it. */
const LONGEST_TITLE = 2000;

/**
 * Text that came with telemetry. Whatever could steer or deceive is made visible, and what is too long is cut in the middle; the whole stands
 * in the side panel and the clipboard.
 */
export function Text({
  value,
  max = 120,
  className,
}: {
  readonly value: string;
  readonly max?: number;
  readonly className?: string;
}) {
  const shown = cutText(value, max);
  const isCut = shown.length !== value.length;
  return (
    <bdi className={className} title={isCut ? safeText(value.slice(0, LONGEST_TITLE)) : undefined}>
      {safeText(shown)}
    </bdi>
  );
}
