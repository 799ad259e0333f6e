import { useEffect, useState } from 'react';
import { Glyph } from './Glyph.js';

/** Milliseconds for which the tick stays. */
const SHOWN_MS = 1500;

/** Copies a text whole, however it is shown, and says so. */
export function CopyButton({
  text,
  what,
  label,
}: {
  readonly text: string | (() => string);
  readonly what: string;
  readonly label?: string;
}) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () =>
    copyText(typeof text === 'string' ? text : text()).then(
      () => setState('copied'),
      () => setState('refused'),
    );
  const said = state === 'copied' ? 'Copied' : state === 'refused' ? 'The browser refused' : null;
  return (
    <button
      type="button"
      className={label === undefined ? 'icon-button small' : 'button small'}
      aria-label={label === undefined ? `Copy ${what}` : undefined}
      title={label === undefined ? (said ?? `Copy ${what}`) : undefined}
      onClick={() => void copy()}
    >
      <Glyph name={state === 'copied' ? 'copied' : 'copy'} />
      {label !== undefined && <span>{said ?? label}</span>}
      <span className="sr" role="status">
        {said ?? ''}
      </span>
    </button>
  );
}

/** The clipboard of a page that is not on loopback and has no TLS is closed; a selection that is copied works there too. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'sr';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) throw new Error('the browser refused to copy');
}
