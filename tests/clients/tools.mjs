// Runs the command line tools of the clients, each as its users do.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { schemaFile } from './server.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

/** The path of a file of this folder. */
export const file = (name) => join(here, name);

/** An empty project within `.generated`, so that it finds the packages of this folder; `files` and the schema are copied into it. */
export function project(name, files = []) {
  mkdirSync(file('.generated'), { recursive: true });
  const folder = mkdtempSync(file(`.generated/${name}-`));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  cpSync(schemaFile, join(folder, 'schema.graphql'));
  for (const each of files) cpSync(file(each), join(folder, each.split('/').at(-1)), { recursive: true });
  return folder;
}

/** Writes a file into a project; what is no text goes as JSON. */
export function write(folder, name, content) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
}

/** Runs a tool of node_modules in a project: `{ ok, output }`. */
export function run(folder, tool, ...args) {
  const ran = spawnSync(file(`node_modules/.bin/${tool}`), args, { cwd: folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  return { ok: ran.status === 0, output: `${ran.stdout}${ran.stderr}${ran.error ?? ''}` };
}

/** Runs a tool that must succeed. */
export function succeed(folder, tool, ...args) {
  const { ok, output } = run(folder, tool, ...args);
  if (!ok) throw new Error(`${tool} ${args.join(' ')} failed:\n${output}`);
  return output;
}
