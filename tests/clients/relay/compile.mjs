// Compiles components with relay-compiler, and keeps the texts of their queries in a file, as Relay's users do.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { project, run, succeed, write } from '../tools.mjs';

/** Compiles the components of a folder: their artifacts by name, and Relay's persisted file. */
export function compiled(components) {
  const folder = prepared(components);
  succeed(folder, 'relay-compiler', 'relay.config.json');
  const require = createRequire(join(folder, 'package.json'));
  const artifact = (name) => require(`./artifacts/${name}.graphql`);
  return { artifact, persisted: JSON.parse(readFileSync(join(folder, 'persisted.json'), 'utf8')) };
}

/** Compiles the components of a folder with some texts changed, and says how that went. */
export function compiling(components, extra) {
  const folder = prepared(components);
  for (const [name, text] of Object.entries(extra)) write(folder, `src/${name}`, text);
  return run(folder, 'relay-compiler', 'relay.config.json');
}

function prepared(components) {
  const folder = project('relay');
  write(folder, 'package.json', { type: 'commonjs' });
  write(folder, 'persisted.json', {});
  write(folder, 'artifacts/.keep', '');
  write(folder, 'relay.config.json', {
    src: './src',
    schema: './schema.graphql',
    language: 'javascript',
    artifactDirectory: './artifacts',
    eagerEsModules: false,
    persistConfig: { file: './persisted.json', algorithm: 'SHA256' },
  });
  for (const [name, text] of Object.entries(components)) write(folder, `src/${name}`, text);
  return folder;
}
