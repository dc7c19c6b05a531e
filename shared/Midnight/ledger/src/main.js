import { serve, versionOf } from './serve.js';

await serve({
  name: 'ledger worker',
  announce: async () => {
    await import('@midnight-ntwrk/ledger-v8');
    return { ledger: await versionOf(import.meta.resolve('@midnight-ntwrk/ledger-v8')) };
  },
  // Loaded after the announcement: the address format and the first calls cost as much again as the ledger itself.
  prepare: async () => {
    const [{ answer }, { warmUp }] = await Promise.all([import('./operations.js'), import('./warm-up.js')]);
    await warmUp();
    return answer;
  },
});
