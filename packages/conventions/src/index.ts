export {
  ATTRIBUTES,
  type Concept,
  KEY_CONCEPTS,
  type KeyConcept,
  VOCABULARY_VERSION,
} from './vocabulary/attributes.js';
