import './marks.css';
import './WorkflowPage.css';
import type { WorkflowGraph } from '@upshot/model';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { copyText } from '../icons/CopyButton.js';
import { useSetLive } from '../shell/LiveState.js';
import { useMedia } from '../shell/useMedia.js';
import { restOfPath } from '../url/paths.js';
import { useKeys } from '../url/useKeys.js';
import { useQueryState } from '../url/useQueryState.js';
import { formatCount } from '../words/format.js';
import { ExportMenu } from './ExportMenu.js';
import { FindingsView } from './FindingsView.js';
import { GraphLater } from './graph/graphLater.js';
import { type Move, moveFrom } from './graph/related.js';
import { WorkflowIndex } from './model/WorkflowIndex.js';
import { OutlineView } from './outline/OutlineView.js';
import { PanelFrame } from './panel/PanelFrame.js';
import { PANEL_ID } from './panel/SidePanel.js';
import { idsOf, selectionOf } from './panel/selection.js';
import { Switch } from './Switch.js';
import { buildScene } from './scene/buildScene.js';
import { StoryView } from './story/StoryView.js';
import { TimelineView } from './timeline/TimelineView.js';
import { useWorkflow } from './useWorkflow.js';
import { WorkflowHeader } from './WorkflowHeader.js';

const VIEWS = ['graph', 'timeline', 'story', 'findings'] as const;
type View = (typeof VIEWS)[number];
const NAMES: Readonly<Record<View, string>> = {
  graph: 'Graph',
  timeline: 'Timeline',
  story: 'Story',
  findings: 'Findings',
};
const NO_STACKS: ReadonlySet<string> = new Set();

export function WorkflowPage() {
  const name = restOfPath('/workflows/');
  const { graph, failure, isConnected } = useWorkflow(name);
  useSetLive(failure ? null : isConnected);
  useEffect(() => {
    document.title = `${name.slice(0, 80)} · Upshot`;
  }, [name]);
  const index = useIndex(graph);
  if (failure && !index)
    return (
      <div className="notice" role="alert">
        <h1>{failure.status === 404 ? 'Nothing is known by this ID' : 'The workflow could not be read'}</h1>
        <p>{failure.message}</p>
        <p className="quiet">
          {failure.status === 404
            ? 'It may not have arrived yet, or be older than what is kept. Part of a name or an error can be searched in the list.'
            : 'This page does not try again by itself; load it anew once the cause is mended.'}
        </p>
      </div>
    );
  if (!index) return <Waiting isLost={isConnected === false} name={name} />;
  return <Workflow name={name} graph={graph ?? index.graph} index={index} />;
}

/** The index of a graph; the same one as long as nothing but the words of its summary changed. */
function useIndex(graph: WorkflowGraph | null): WorkflowIndex | null {
  const held = useRef<WorkflowIndex | null>(null);
  if (graph && (!held.current || !isSameGraph(held.current.graph, graph)))
    held.current = new WorkflowIndex(graph);
  return graph ? held.current : null;
}

function isSameGraph(a: WorkflowGraph, b: WorkflowGraph): boolean {
  return (Object.keys(b) as (keyof WorkflowGraph)[]).every((key) => key === 'summary' || a[key] === b[key]);
}

/** The shape of the page before there is anything to put into it. */
function Waiting({ isLost, name }: { readonly isLost: boolean; readonly name: string }) {
  return (
    <div className="wf" aria-busy="true">
      <header className="wf-head">
        <div className="wf-line">
          <h1>{name.slice(0, 80)}</h1>
        </div>
        <p className="wf-summary quiet">
          {isLost ? 'Upshot does not answer; this page tries again.' : 'Reading the workflow'}
        </p>
      </header>
      <div className="wf-waiting">
        <span className="skeleton" />
        <span className="skeleton" />
        <span className="skeleton" />
      </div>
    </div>
  );
}

function Workflow({
  name,
  graph,
  index,
}: {
  readonly name: string;
  readonly graph: WorkflowGraph;
  readonly index: WorkflowIndex;
}) {
  const { query, change } = useQueryState();
  const isNarrow = useMedia('(max-width: 720px)');
  const asked = query.get('view');
  const view = VIEWS.find((one) => one === asked) ?? 'graph';
  const selected = query.get('sel');
  const brokerSpans = query.get('spans') === 'all';
  const showCritical = query.get('path') !== 'off';
  const fold = query.get('fold') !== 'off';
  const criticalOnly = query.get('only') === 'path';
  const [open, setOpen] = useState(NO_STACKS);
  const [isPictured, setPictured] = useState(false);

  const options = useMemo(() => ({ brokerSpans, open: NO_STACKS }), [brokerSpans]);
  const scene = useMemo(() => buildScene(index, options), [index, options]);
  const graphScene = useMemo(
    () => (open.size === 0 ? scene : buildScene(index, { brokerSpans, open })),
    [scene, index, brokerSpans, open],
  );
  const select = useCallback((node: string | null) => change({ sel: node }, { replace: true }), [change]);
  const show = (next: View) => change({ view: next === 'graph' ? null : next });
  const toggleStack = useCallback(
    (card: string) =>
      setOpen((now) => {
        const next = new Set(now);
        if (!next.delete(card)) next.add(card);
        return next;
      }),
    [],
  );
  const selectedCard = selected === null ? null : (scene.cardOf.get(selected) ?? null);
  const move = (to: Move) => () => {
    const card = moveFrom(scene, selectedCard, to);
    if (card !== null) select(scene.cards.find(({ id }) => id === card)?.node ?? null);
  };
  useKeys({
    ArrowLeft: move('cause'),
    ArrowRight: move('effect'),
    ArrowUp: move('above'),
    ArrowDown: move('below'),
    j: move('next'),
    k: move('previous'),
    '1': () => show('graph'),
    '2': () => show('timeline'),
    '3': () => show('story'),
    '4': () => show('findings'),
    Escape: () => select(null),
    Enter: () => {
      const card = scene.cards.find(({ id }) => id === selectedCard);
      if (card?.kind === 'stack' && view === 'graph') toggleStack(card.id);
      else document.getElementById(PANEL_ID)?.focus();
    },
    c: () => {
      const selection = selectionOf(index, scene, selected);
      if (selection)
        void copyText(
          idsOf(index, selection)
            .map((id) => `${id.name} ${id.value}`)
            .join('\n'),
        );
    },
  });
  const findings = index.graph.findings.length;
  return (
    <div className="wf">
      <WorkflowHeader name={name} summary={graph.summary} index={index} hasSummary={view !== 'story'} />
      <div className="wf-tabs">
        <div className="tabs" role="tablist" aria-label="Views">
          {VIEWS.map((one, at) => (
            <button
              key={one}
              type="button"
              role="tab"
              id={`tab-${one}`}
              aria-selected={view === one}
              aria-controls="view"
              onClick={() => show(one)}
            >
              {NAMES[one]}
              {one === 'findings' ? (
                <span className="count">{formatCount(findings)}</span>
              ) : (
                <kbd>{at + 1}</kbd>
              )}
            </button>
          ))}
        </div>
        <span className="spring" />
        {(view === 'graph' || view === 'timeline') && (
          <Switch
            label="Critical path"
            checked={showCritical}
            onChange={(on) => change({ path: on ? null : 'off' })}
          />
        )}
        {view === 'story' && (
          <Switch
            label="Critical path only"
            checked={criticalOnly}
            onChange={(on) => change({ only: on ? 'path' : null })}
          />
        )}
        {view === 'timeline' && (
          <Switch
            label="Fold quiet stretches"
            checked={fold}
            onChange={(on) => change({ fold: on ? null : 'off' })}
          />
        )}
        {(view === 'graph' || view === 'timeline') && (
          <Switch
            label="Broker spans"
            checked={brokerSpans}
            onChange={(on) => change({ spans: on ? 'all' : null })}
          />
        )}
        {view === 'graph' && !isNarrow && (
          <ExportMenu name={index.graph.key} cards={graphScene.cards.length} drawAll={setPictured} />
        )}
      </div>
      <PanelFrame index={index} scene={scene} selected={selected} select={select}>
        <div className="wf-view" role="tabpanel" id="view" aria-labelledby={`tab-${view}`}>
          {view === 'graph' &&
            (isNarrow ? (
              <OutlineView index={index} scene={scene} selected={selected} select={select} />
            ) : (
              <GraphLater
                name={`${name}${brokerSpans ? '+spans' : ''}`}
                index={index}
                scene={graphScene}
                selected={selected}
                select={select}
                toggleStack={toggleStack}
                showCritical={showCritical}
                isPictured={isPictured}
              />
            ))}
          {view === 'timeline' && (
            <TimelineView
              index={index}
              scene={scene}
              selected={selected}
              select={select}
              fold={fold}
              showCritical={showCritical}
            />
          )}
          {view === 'story' && (
            <StoryView
              index={index}
              scene={scene}
              selected={selected}
              select={select}
              criticalOnly={criticalOnly}
            />
          )}
          {view === 'findings' && <FindingsView index={index} select={select} />}
        </div>
      </PanelFrame>
    </div>
  );
}
