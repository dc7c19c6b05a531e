import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// A host that starts a worker on its own standard output and then lives until it is killed.
const main = fileURLToPath(new URL('../src/main.js', import.meta.url));
spawn(process.execPath, [main], { stdio: ['pipe', 'inherit', 'inherit'] });
setInterval(() => {}, 60_000);
