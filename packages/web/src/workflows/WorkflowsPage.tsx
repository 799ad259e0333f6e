import './WorkflowsPage.css';
import { useEffect, useRef, useState } from 'react';
import { warmWorkflow } from '../pages.js';
import { useSetLive } from '../shell/LiveState.js';
import { later } from '../shell/later.js';
import { useKeys } from '../url/useKeys.js';
import { useQueryState } from '../url/useQueryState.js';
import { counted, formatClock, nanos } from '../words/format.js';
import { EmptyState } from './EmptyState.js';
import { FilterBar } from './FilterBar.js';
import { countsOf } from './histogramAnswer.js';
import { filterOf } from './listFilter.js';
import { RANGES, rangeWords } from './timeRanges.js';
import { useHistogram } from './useHistogram.js';
import { useWorkflows } from './useWorkflows.js';
import { WorkflowRows } from './WorkflowRows.js';

const Histogram = later(
  async () => (await import('./Histogram.js')).Histogram,
  <div className="histogram" />,
);

const PLACEHOLDERS = Array.from({ length: 12 }, (_, at) => at);

export function WorkflowsPage() {
  const { query, change } = useQueryState();
  const filter = filterOf(query);
  const list = useWorkflows(filter);
  const histogram = useHistogram(filter);
  const [adding, setAdding] = useState(false);
  useSetLive(list.isLive);
  useEffect(() => {
    document.title = 'Workflows · Upshot';
  }, []);
  useEffect(warm, []);
  useKeys({
    j: () => moveFocus(1),
    k: () => moveFocus(-1),
    f: () => setAdding(true),
  });
  const isFiltered = Object.keys(filter).length > 0;
  const since = filter.since?.[0] ?? null;
  const until = filter.until?.[0] ?? null;
  const counts = histogram.data ? countsOf(histogram.data) : null;

  if (!list.isLoading && !list.error && list.rows.length === 0 && !isFiltered && !list.hasMore)
    return <EmptyState />;
  return (
    <div className="workflows">
      <div className="page-head workflows-head">
        <h1>Workflows</h1>
        <span className="quiet">
          {counts
            ? `${counted(
                Object.values(counts).reduce((a, b) => a + b, 0),
                'workflow',
              )}, `
            : ''}
          {rangeWords(since, until).toLowerCase()}
        </span>
        <span className="spring" />
        <label className="range">
          <span className="sr">Time range</span>
          <select
            className="button"
            value={
              RANGES.some((range) => range.since === (since ?? '')) && until === null ? (since ?? '') : 'own'
            }
            onChange={(event) => change({ since: event.target.value || null, until: null })}
          >
            {RANGES.map((range) => (
              <option key={range.since} value={range.since}>
                {range.name}
              </option>
            ))}
            <option value="own" hidden>
              {rangeWords(since, until)}
            </option>
          </select>
        </label>
      </div>
      {histogram.data && (
        <Histogram data={histogram.data} onRange={(from, to) => change({ since: from, until: to })} />
      )}
      <FilterBar filter={filter} counts={counts} change={change} open={adding} onOpenChange={setAdding} />
      {list.error ? (
        <div className="notice" role="alert">
          <h2>The list could not be read</h2>
          <p>{list.error.message}</p>
        </div>
      ) : list.isLoading ? (
        <div className="placeholders" aria-busy="true">
          {PLACEHOLDERS.map((at) => (
            <span key={at} className="skeleton" />
          ))}
        </div>
      ) : (
        <>
          <WorkflowRows rows={list.rows} now={nanos(list.asOf)} />
          {list.rows.length === 0 && !list.hasMore && (
            <div className="notice">
              <h2>Nothing passes these filters</h2>
              <p className="quiet">Take one away, or choose a longer time.</p>
            </div>
          )}
          <More list={list} />
        </>
      )}
      <footer className="hints">
        <span>
          <kbd>j</kbd> <kbd>k</kbd> move
        </span>
        <span>
          <kbd>Enter</kbd> open
        </span>
        <span>
          <kbd>f</kbd> filter
        </span>
        <span>
          <kbd>/</kbd> any ID
        </span>
        <span className="spring" />
        <span role="status">
          {list.waiting.length > 0 ? (
            <>
              New rows wait above while you read:{' '}
              <button type="button" className="link" onClick={list.showWaiting}>
                show {list.waiting.length} new
              </button>
            </>
          ) : (
            list.asOf && `As of ${formatClock(nanos(list.asOf)).slice(0, 8)} UTC`
          )}
        </span>
      </footer>
    </div>
  );
}

/** Reads on when the reader nears the end. A page that was scanned without filling is followed by the next at once. */
function More({ list }: { readonly list: ReturnType<typeof useWorkflows> }) {
  const end = useRef<HTMLDivElement>(null);
  const { hasMore, isLoadingMore, loadMore } = list;
  const latest = useRef(loadMore);
  latest.current = loadMore;
  useEffect(() => {
    if (!hasMore || isLoadingMore || !end.current) return;
    const watcher = new IntersectionObserver((seen) => {
      if (seen.some((one) => one.isIntersecting)) latest.current();
    });
    watcher.observe(end.current);
    return () => watcher.disconnect();
  }, [hasMore, isLoadingMore]);
  if (!hasMore) return null;
  return (
    <div ref={end} className="more">
      <button type="button" className="button" onClick={loadMore} disabled={isLoadingMore}>
        {isLoadingMore ? 'Looking further back' : 'Older ones'}
      </button>
    </div>
  );
}

function moveFocus(step: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>('.row-link')];
  const at = links.indexOf(document.activeElement as HTMLElement);
  const next = links[at === -1 ? 0 : Math.max(0, Math.min(links.length - 1, at + step))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

/** A reader of the list will open a workflow. */
function warm(): () => void {
  const timer = setTimeout(warmWorkflow, 400);
  return () => clearTimeout(timer);
}
