/** What Lambda's runtime is to a function: it loads the handler, and calls it with each event that the script tells. */
import { createRequire } from 'node:module';
import { say, serve } from '../../harness/service-protocol.mjs';

const { handler } = createRequire(import.meta.url)('./billing-handler.cjs');
const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:billing';

await serve({
  commands: {
    invoke: async ({ requestId, event }) => {
      const context = { awsRequestId: requestId, functionName: 'billing', invokedFunctionArn: functionArn };
      try {
        say('answered', { answer: (await handler(event, context)) ?? {} });
      } catch (error) {
        say('answered', { error: error.message });
      }
    },
  },
  close: async () => {},
});
