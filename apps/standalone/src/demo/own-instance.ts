// The demo's own instance: it ends when the demo does, however that came about, and takes its folder with it.
import { rmSync } from 'node:fs';

process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.on('exit', () => rmSync(process.argv[2] as string, { recursive: true, force: true }));
await import('../main.ts');
