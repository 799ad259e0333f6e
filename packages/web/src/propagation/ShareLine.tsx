import { formatShare } from '../words/format.js';
import type { Shares } from './propagation.js';

/** The three shares as one line in three dashes. */
export function ShareLine({ shares, width = 134 }: { readonly shares: Shares; readonly width?: number }) {
  const { deliveries, declared, stitched, unlinked } = shares;
  if (deliveries === 0) return null;
  const parts = [
    { name: 'declared', count: declared },
    { name: 'stitched', count: stitched },
    { name: 'lost', count: unlinked },
  ].filter(({ count }) => count > 0);
  // What is there is seen, however little it is.
  const least = 6;
  const room = width - least * parts.length;
  let x = 0;
  return (
    <svg className="share-line" width={width} height="8" role="img" aria-label={shareWords(shares)}>
      {parts.map(({ name, count }) => {
        const length = least + (room * count) / deliveries;
        const from = x;
        x += length;
        return (
          <path
            key={name}
            d={`M${from + 1} 4H${Math.max(from + 1.1, from + length - 2)}`}
            className={`share-${name}`}
          />
        );
      })}
    </svg>
  );
}

export function shareWords({ deliveries, declared, stitched, unlinked }: Shares): string {
  if (declared === deliveries) return '100 % declared';
  if (unlinked === deliveries) return '100 % lost';
  if (stitched === deliveries) return '100 % stitched';
  return [
    `${formatShare(declared, deliveries)} declared`,
    stitched > 0 && `${formatShare(stitched, deliveries)} stitched`,
    unlinked > 0 && `${formatShare(unlinked, deliveries)} lost`,
  ]
    .filter(Boolean)
    .join(', ');
}
