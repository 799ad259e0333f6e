export { counted, formatAge, formatCount, formatDuration } from '@upshot/model';
export { type RenderOptions, renderWorkflow } from './page/renderWorkflow.js';
export { formatClock, formatTimestamp } from './words/formatClock.js';
export { safeText } from './words/safeText.js';
