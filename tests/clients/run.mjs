// Runs real clients against a server that runs already.
//
//   npm ci --prefix tests/clients
//   ALLIANCE_URL=http://127.0.0.1:8080 ALLIANCE_URL_2026=http://127.0.0.1:8081 node tests/clients/run.mjs [part of a file's name]
//
// ALLIANCE_URL is a server with its demo content and the settings by default. ALLIANCE_URL_2026 is optional: one that was started
// with ALLIANCE_STATUS_CODES=september-2026. Without it, the tests of those codes say that they were skipped.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const part = process.argv[2] ?? '';

if (!process.env.ALLIANCE_URL) stop('Say in ALLIANCE_URL where the server is, such as http://127.0.0.1:8080');
if (!existsSync(new URL('./node_modules/graphql', import.meta.url))) stop('Install the clients first: npm ci --prefix tests/clients');

const files = readdirSync(folder).filter((file) => file.endsWith('.test.mjs') && file.includes(part));
if (files.length === 0) stop(`No file of tests has "${part}" in its name`);

const run = spawnSync(process.execPath, ['--test', '--test-reporter=spec', ...files], { cwd: folder, stdio: 'inherit' });
process.exit(run.status ?? 1);

function stop(reason) {
  process.stderr.write(`${reason}\n`);
  process.exit(2);
}
