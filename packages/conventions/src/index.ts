export {
  hasLowLevelKey,
  isLowLevelName,
  type NameContext,
  placeInName,
  queueInName,
} from './names/lowLevelNames.js';
export {
  ATTRIBUTES,
  type Concept,
  KEY_CONCEPTS,
  type KeyConcept,
  VOCABULARY_VERSION,
} from './vocabulary/attributes.js';
