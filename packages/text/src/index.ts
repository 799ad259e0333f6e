export { counted, formatAge, formatCount, formatDuration } from '@upshot/model';
export { cutMiddle } from './layout/cutText.js';
export { type Painter, painter, type Style } from './layout/painter.js';
export { textWidth } from './layout/textWidth.js';
export { type RenderOptions, renderWorkflow } from './page/renderWorkflow.js';
export { formatClock, formatTimestamp } from './words/formatClock.js';
export { safeText } from './words/safeText.js';
