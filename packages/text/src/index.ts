export { type RenderOptions, renderWorkflow } from './page/renderWorkflow.js';
export { formatAge } from './words/formatAge.js';
export { formatClock, formatTimestamp } from './words/formatClock.js';
export { counted, formatCount } from './words/formatCount.js';
export { formatDuration } from './words/formatDuration.js';
export { safeText } from './words/safeText.js';
