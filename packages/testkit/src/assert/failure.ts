import type { WorkflowGraph } from '@upshot/model';
import { safeText } from '@upshot/text';
import { lostLine, treeOf } from '../report/failureText.js';
import type { LostHop } from '../report/lostHops.js';
import { CausalityError } from './CausalityError.js';
import { namesIn } from './named.js';
import type { Verdict } from './Verdict.js';

interface Failed {
  /** Null where nothing is known of the key. */
  readonly graph: WorkflowGraph | null;
  readonly verdict: Verdict | null;
  readonly all: readonly WorkflowGraph[];
  readonly lost: readonly LostHop[];
  readonly within: string | number;
}

/** Findings that may be why something did not come. */
const TOLD: ReadonlySet<string> = new Set(['broken-causality', 'missing-parent', 'publish-failed']);

/** Workflows that are named where the one asked for is not there. */
const MOST_KEYS = 10;

export function failure(key: string, { graph, verdict, all, lost, within }: Failed): CausalityError {
  const time = typeof within === 'number' ? `${within} ms` : within;
  if (graph === null || verdict === null) {
    const keys = all.slice(0, MOST_KEYS).map((one) => one.key);
    const known =
      keys.length === 0
        ? 'Nothing at all has arrived: does the service send to the endpoint of this Upshot, and is its exporter flushed?'
        : `Known are ${keys.map((one) => safeText(one)).join(', ')}${all.length > keys.length ? ` and ${all.length - keys.length} more` : ''}: is the correlation ID set where the workflow begins?`;
    return new CausalityError(`Nothing is known of workflow ${safeText(key)} after ${time}. ${known}`);
  }
  const { missing } = verdict;
  const here = missing === undefined ? [] : lost.filter((one) => isAbout(one, missing));
  const told = here.length > 0 ? here : lost;
  const broken = graph.findings.filter(({ kind }) => TOLD.has(kind));
  const parts = [
    `Workflow ${safeText(key)}: ${verdict.message} (waited ${time}).`,
    ...(missing === undefined
      ? []
      : [
          `There are: ${namesIn(graph)
            .map((one) => safeText(one))
            .join(', ')}.`,
        ]),
    ...told.map((one) =>
      lostLine(one)
        .split('\n')
        .map((line) => safeText(line))
        .join('\n'),
    ),
    ...broken.map(({ message, fix }) => safeText(`✗ ${message}${fix === undefined ? '' : ` Fix: ${fix}`}`)),
    '',
    treeOf(graph, missing === undefined && told.length === 0 ? null : { name: missing ?? '', after: told }),
  ];
  const { expected, actual } = verdict;
  return new CausalityError(parts.join('\n'), { expected, actual });
}

function isAbout({ consumer, steps }: LostHop, name: string): boolean {
  return consumer === name || steps.includes(name);
}
