/** `node --import @upshot/sdk-node/register app.js`: starts with what the environment says. */
import { startUpshot } from './startUpshot.js';

await startUpshot();
