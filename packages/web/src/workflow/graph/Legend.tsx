import { Panel } from '@xyflow/react';

const LINES = [
  { className: 'edge', words: 'declared' },
  { className: 'edge edge-stitched', words: 'stitched by IDs' },
  { className: 'edge edge-guessed', words: 'guessed' },
  { className: 'edge edge-critical', words: 'critical path' },
];

/** What dashes and outlines say. Colours need none: words stand beside them. */
export function Legend() {
  return (
    <Panel position="bottom-left" className="legend">
      {LINES.map(({ className, words }) => (
        <span key={words}>
          <svg width="30" height="10" aria-hidden="true">
            <path d="M1 5h28" className={className} />
          </svg>
          {words}
        </span>
      ))}
      <span>
        <svg width="30" height="14" aria-hidden="true">
          <rect x="1" y="1" width="28" height="12" rx="3" className="legend-ghost" />
        </svg>
        expected, not seen
      </span>
    </Panel>
  );
}
