// Makes the three manifests of trusted documents that clients' tools write, over the operations beside this file.
//
//   npm run manifests --prefix tests/clients
//
// relay.json    relay-compiler, `persistConfig: { file, algorithm: "SHA256" }`: the text by its hash
// apollo.json   @apollo/generate-persisted-query-manifest: a list of operations with id, name, type and body
// codegen.json  graphql-codegen's client preset, `persistedDocuments`: the text by its hash

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { compiled } from '../relay/compile.mjs';
import { file, project, succeed, write } from '../tools.mjs';

/** Each manifest by its name, as its tool writes it. */
export function made() {
  return { 'relay.json': relay(), 'apollo.json': apollo(), 'codegen.json': codegen() };
}

function relay() {
  const names = readdirSync(file('manifests/operations'));
  const text = (name) => readFileSync(file(`manifests/operations/${name}`), 'utf8').replace('fragment', '`;\nexport const fragment = graphql`\nfragment');
  const component = (name) => `import { graphql } from 'relay-runtime';\nexport const operation = graphql\`\n${text(name)}\`;\n`;
  return tidy(compiled(Object.fromEntries(names.map((name) => [name.replace('.graphql', '.js'), component(name)]))).persisted);
}

function apollo() {
  const folder = project('apollo', ['manifests/operations']);
  write(folder, 'persisted-query-manifest.config.json', { documents: ['operations/*.graphql'], output: 'manifest.json' });
  succeed(folder, 'generate-persisted-query-manifest');
  return tidy(read(folder, 'manifest.json'));
}

function codegen() {
  const folder = project('codegen', ['manifests/operations']);
  const preset = { preset: 'client', documents: ['operations/*.graphql'], presetConfig: { persistedDocuments: { hashAlgorithm: 'sha256' } } };
  write(folder, 'codegen.json', { schema: './schema.graphql', generates: { 'gql/': preset } });
  succeed(folder, 'graphql-codegen', '--config', 'codegen.json');
  return tidy(read(folder, 'gql/persisted-documents.json'));
}

function read(folder, name) {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}

function tidy(manifest) {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of Object.entries(made())) writeFileSync(file(`manifests/${name}`), text);
}
