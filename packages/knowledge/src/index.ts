export { complianceOver, type ServiceRecord } from './compliance/complianceOver.js';
export { CONVENTION, rulesIdOf } from './compliance/complianceSeries.js';
export { type Figures, figuresOf, type HopFigure } from './figures/figuresOf.js';
export { WORKFLOW } from './figures/workflowSeries.js';
export { findingGroups, inForce } from './findings/findingGroups.js';
export {
  FINDING,
  FindingCounter,
  findingSeriesOf,
  groupIdOf,
  parseFindingSeries,
} from './findings/findingSeries.js';
export { HOP, HopCounter, PUBLISH, parseHopSeries } from './hops/hopSeries.js';
export { propagationOf } from './hops/propagationOf.js';
export { Cell } from './tallies/Cell.js';
export {
  type Contribution,
  type PackedContribution,
  packContributions,
} from './tallies/Contribution.js';
export { contributionsOf } from './tallies/contributionsOf.js';
export { topologyOf } from './topology/topologyOf.js';
