export { CausalityError } from './assert/CausalityError.js';
export type { Named, Waiting, WorkflowAssertions } from './assert/WorkflowAssertions.js';
export { startTestUpshot, workflow } from './current.js';
export { shapeOf } from './shape/shapeOf.js';
export { TestUpshot, type TestUpshotOptions } from './TestUpshot.js';
