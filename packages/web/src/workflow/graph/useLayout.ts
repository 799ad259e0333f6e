import { useEffect, useRef, useState } from 'react';
import { layOut } from './ElkWorker.js';
import { fromElk, toElk } from './elkGraph.js';
import { keepPlaces } from './keepPlaces.js';
import type { Box, Layout, Link } from './placement.js';
import { tidyTree } from './tidyTree.js';

/** Beyond so many cards ELK keeps the reader waiting (bench/web), and a tree of our own stands in. */
export const ELK_UP_TO = 120;

/** Milliseconds for ELK to answer: its worker is 1.4 MB of script, and a reader who waits for a picture sees nothing. */
const PATIENCE_MS = 900;

export interface LaidOut {
  readonly layout: Layout;
  /** How often all was laid out anew: whoever looks should see the whole again. */
  readonly round: number;
}

/**
 * Places of all cards. What is shown stays where it is while telemetry arrives; `arrange` lays all out anew.
 * @param name of the graph: another one begins from nothing
 */
export function useLayout(
  name: string,
  boxes: readonly Box[],
  links: readonly Link[],
): { readonly laidOut: LaidOut | null; arrange(): void } {
  const [laidOut, setLaidOut] = useState<(LaidOut & { readonly name: string }) | null>(null);
  const [asked, setAsked] = useState(0);
  const done = useRef(0);
  const shown = laidOut?.name === name ? laidOut : null;
  const latest = useRef(shown);
  latest.current = shown;
  useEffect(() => {
    let isStale = false;
    const before = latest.current;
    const isAsked = asked !== done.current;
    done.current = asked;
    const kept = before && !isAsked ? keepPlaces(before.layout, boxes, links) : null;
    const round = (before?.round ?? 0) + 1;
    if (kept && before) setLaidOut({ name, layout: kept, round: before.round });
    else if (boxes.length > ELK_UP_TO) setLaidOut({ name, layout: tidyTree(boxes, links), round });
    else {
      inTime(layOut(toElk(boxes, links))).then(
        (answer) => {
          if (!isStale) setLaidOut({ name, layout: fromElk(answer), round });
        },
        // A worker that can't be started or is late, or a graph that it can't take: a plain layout beats none.
        () => {
          if (!isStale) setLaidOut({ name, layout: tidyTree(boxes, links), round });
        },
      );
    }
    return () => {
      isStale = true;
    };
  }, [name, boxes, links, asked]);
  return { laidOut: shown, arrange: () => setAsked((count) => count + 1) };
}

/** The answer, or a failure where it does not come in time. */
function inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the layout is late')), PATIENCE_MS);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
