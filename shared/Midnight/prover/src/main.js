import { serve, versionOf } from '@midnightos/ledger/src/serve.js';
import { MAX_FRAME } from './limits.js';

await serve({
  name: 'proving worker',
  announce: async () => {
    await import('@midnight-ntwrk/zkir-v2');
    return { zkir: await versionOf(import.meta.resolve('@midnight-ntwrk/zkir-v2')) };
  },
  prepare: async () => (await import('./operations.js')).answer,
  maxFrame: MAX_FRAME,
});
