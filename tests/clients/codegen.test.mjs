// graphql-codegen with its client preset: types from our schema, a program by them, and its file of persisted documents.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';

import { endpoint, post } from './server.mjs';
import { project, run, succeed, write } from './tools.mjs';

let folder;

before(() => {
  folder = project('codegen', ['codegen/program.ts']);
  write(folder, 'package.json', { type: 'module' });
  write(folder, 'tsconfig.json', {
    compilerOptions: { module: 'nodenext', target: 'es2022', strict: true, skipLibCheck: true, types: ['node'], outDir: 'built' },
    files: ['program.ts'],
  });
  const scalars = { DateTime: 'string', Date: 'string' };
  const preset = (presetConfig, config) => (
    { preset: 'client', documents: ['program.ts'], presetConfig, config: { scalars, useTypeImports: true, ...config } }
  );
  write(folder, 'codegen.json', {
    schema: './schema.graphql',
    importExtension: '.js',
    generates: {
      'gql/': preset({ fragmentMasking: false }, { documentMode: 'string', enumType: 'native' }),
      'kept/': preset({ persistedDocuments: { mode: 'replaceDocumentWithHash', hashAlgorithm: 'sha256' } }, {}),
    },
  });
  succeed(folder, 'graphql-codegen', '--config', 'codegen.json');
});

test('A program by generated types is right, and reads the demo content', () => {
  succeed(folder, 'tsc', '--project', 'tsconfig.json');
  const printed = JSON.parse(execFileSync(process.execPath, [join(folder, 'built/program.js'), endpoint], { encoding: 'utf8' }));
  assert.equal(printed.count, 36);
  assert.equal(printed.campaigns, 5);
  assert.deepEqual(printed.moments, ['2014-11-03T09:00:00Z', '2015-01-23T09:00:00Z', '2015-03-25T09:00:00Z', '2015-04-28T15:00:00Z']);
});

test('A document with a field that the schema does not have generates nothing', () => {
  write(folder, 'wrong.ts', readFileSync(join(folder, 'program.ts'), 'utf8').replace('institutionCount\n', 'institutionSum\n'));
  write(folder, 'wrong.json', { schema: './schema.graphql', generates: { 'wrong/': { preset: 'client', documents: ['wrong.ts'] } } });
  const { ok, output } = run(folder, 'graphql-codegen', '--config', 'wrong.json');
  assert.equal(ok, false);
  assert.match(output, /institutionSum/u);
});

test('The persisted documents are kept by their hash, and run as they are', async () => {
  const kept = JSON.parse(readFileSync(join(folder, 'kept/persisted-documents.json'), 'utf8'));
  const [[id, text]] = Object.entries(kept);
  assert.equal(createHash('sha256').update(text).digest('hex'), id);
  const { data } = await (await post({ query: text, variables: { alliance: 'nottingham-citizens' } })).json();
  assert.equal(data.alliance.institutionCount, 36);
  assert.equal(data.alliance.posts.nodes.length, 4);
});
