import type { ReactNode } from 'react';
import type { IconName, State } from '../words/states.js';

/** Each has a silhouette of its own, so that states read in grey. What went well is drawn in outline; what went wrong is filled. */
const SHAPES: Readonly<Record<IconName, ReactNode>> = {
  succeeded: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="m5.2 8.2 2 2 3.6-4" />
    </>
  ),
  recovered: (
    <>
      <path d="M3.2 4.6A6 6 0 1 1 2 8" />
      <path d="M3 1.8v3h3" />
      <path d="m5.4 8.3 1.9 1.9 3.3-3.8" />
    </>
  ),
  processing: (
    <>
      <circle cx="8" cy="8" r="6" opacity=".45" />
      <path d="M8 2a6 6 0 0 1 6 6" strokeWidth="2.4" />
      <circle cx="8" cy="8" r="1.6" fill="currentColor" />
    </>
  ),
  waiting: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.6V8l2.4 1.6" />
    </>
  ),
  retrying: (
    <>
      <path d="M13.6 6.6A5.8 5.8 0 0 0 3.4 4.7M2.4 9.4a5.8 5.8 0 0 0 10.2 1.9" />
      <path d="M3 1.8v3h3M13 14.2v-3h-3" />
    </>
  ),
  failed: (
    <>
      <path d="M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2Z" fill="currentColor" stroke="none" />
      <path d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8" stroke="var(--onState)" />
    </>
  ),
  'dead-lettered': (
    <>
      <path d="M4.4 1.6h7.2l2.6 2.6v10.2H1.8V4.2Z" fill="currentColor" stroke="none" />
      <path d="M1.8 10.2h3.4v1.6h5.6v-1.6h3.4" stroke="var(--onState)" strokeWidth="1.1" />
      <path d="m6.2 4.6 3.6 3.6m0-3.6L6.2 8.2" stroke="var(--onState)" />
    </>
  ),
  missing: (
    <>
      <circle cx="8" cy="8" r="6" strokeDasharray="2.4 2.3" />
      <path d="M6.3 6.4a1.8 1.8 0 1 1 2.5 1.7c-.6.3-.8.6-.8 1.2M8 11.4v.1" />
    </>
  ),
  stuck: (
    <>
      <path d="M8 2 14.6 13.6H1.4Z" />
      <path d="M8 6.2v3.6m0 1.9v.1" />
    </>
  ),
  skipped: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="m3.9 12.1 8.2-8.2" />
    </>
  ),
  event: <path d="M8 3.2 12.8 8 8 12.8 3.2 8Z" fill="currentColor" stroke="none" />,
  step: <path d="M3.6 2.6v10.8L13 8Z" fill="currentColor" stroke="none" />,
  broken: <path d="M1 8h3.2l1.6-2.6M15 8h-3.2l-1.6 2.6M6.6 10.8 8 8.4m1.4-3.2L8 7.6" />,
  skew: (
    <>
      <circle cx="9.4" cy="8" r="5" />
      <path d="M9.4 5.4V8l1.7 1M5.6 8H1m1.8-2L1 8l1.8 2" />
    </>
  ),
  replay: (
    <>
      <path d="M3.2 4.6A6 6 0 1 1 2 8" />
      <path d="M3 1.8v3h3" />
    </>
  ),
  info: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 7.4v3.4M8 5.1v.1" />
    </>
  ),
  stack: <path d="M3 5.5h10v8H3zM4.5 3.5h7M6 1.5h4" />,
};

export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {SHAPES[name]}
    </svg>
  );
}

/** Icon and word of a state in its hue. */
export function StateWord({ state, word }: { readonly state: State; readonly word?: string }) {
  return (
    <span className={`state-word t-${state.tone}`}>
      <Icon name={state.icon} />
      <span className="strong">{word ?? state.word}</span>
    </span>
  );
}
