import { describe } from 'vitest';
import { story } from './story.js';

describe('the story over webhooks', () => story('http', () => undefined));
