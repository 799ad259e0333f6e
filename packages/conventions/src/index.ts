export { CONVENTIONS_SCHEMA } from './file/conventionsSchema.js';
export type { Fault, PlainObject } from './file/DocumentReader.js';
export { type ParsedConventions, parseConventions } from './file/parseConventions.js';
export {
  hasLowLevelKey,
  isLowLevelName,
  type NameContext,
  placeInName,
  queueInName,
} from './names/lowLevelNames.js';
export { durationMs } from './rules/durations.js';
export { fitsGlob } from './rules/globs.js';
export { RuleChecker } from './rules/RuleChecker.js';
export {
  CHECKED_PHASES,
  type CheckedPhase,
  type Exception,
  type ExpectedConsumer,
  FIELDS,
  type Field,
  NO_RULES,
  RULE_GROUPS,
  type RuleGroup,
  type Rules,
  SEVERITIES,
  type Severity,
} from './rules/Rules.js';
export type { Checked, Violation } from './rules/Violation.js';
export {
  ATTRIBUTES,
  type Concept,
  IDS_OR_OFFSETS,
  KEY_CONCEPTS,
  type KeyConcept,
  VOCABULARY_VERSION,
} from './vocabulary/attributes.js';
export { HEADERS, type HeaderConcept, UPSHOT_HEADERS } from './vocabulary/headers.js';
export { LOG_ATTRIBUTES } from './vocabulary/logAttributes.js';
