import type { AttemptNode, DeliveryStatus, Finding, HopHealth, WorkflowStatus } from '@upshot/model';
import type { Style } from '../layout/painter.js';

/** How a state shows: a glyph with a silhouette of its own and a colour, always beside the word. */
export interface Sign {
  readonly glyph: string;
  readonly style: Style;
}

const ok = { glyph: '✓', style: 'ok' } as const;
const failed = { glyph: '✗', style: 'fail' } as const;
const running = { glyph: '◐', style: 'run' } as const;
const retrying = { glyph: '⇄', style: 'retry' } as const;

/** The worst first: the order in which branches of a stack are told. */
export const DELIVERY_SIGNS: Readonly<Record<DeliveryStatus, Sign>> = {
  failed,
  'dead-lettered': { glyph: '⊠', style: 'dead' },
  missing: { glyph: '?', style: 'miss' },
  retrying,
  processing: running,
  waiting: { glyph: '○', style: 'dim' },
  recovered: { glyph: '↻', style: 'ok' },
  succeeded: ok,
};

export const WORKFLOW_SIGNS: Readonly<Record<WorkflowStatus, Sign>> = {
  failed,
  stuck: { glyph: '!', style: 'miss' },
  retrying,
  'in-progress': running,
  completed: ok,
};

export const OUTCOME_SIGNS: Readonly<Record<AttemptNode['outcome'], Sign>> = {
  failed,
  running,
  skipped: { glyph: '⊘', style: 'dim' },
  succeeded: ok,
};

export const SEVERITY_SIGNS: Readonly<Record<Finding['severity'], Sign>> = {
  error: failed,
  warning: { glyph: '!', style: 'retry' },
  info: { glyph: 'i', style: 'run' },
};

export const HOP_SIGNS: Readonly<Record<HopHealth['state'], Sign>> = {
  broken: failed,
  mended: { glyph: '↻', style: 'ok' },
  whole: ok,
};

export const EVENT_SIGN: Sign = { glyph: '◆', style: 'plain' };
export const DEAD_LETTER_SIGN: Sign = DELIVERY_SIGNS['dead-lettered'];
export const REPLAY_SIGN: Sign = { glyph: '↺', style: 'run' };
export const STEP_SIGN: Sign = { glyph: '▸', style: 'plain' };
