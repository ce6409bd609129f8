// gql.tada: types straight from the schema; a right program passes the type checker, a wrong one does not.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { before, test } from 'node:test';

import { print } from 'graphql';

import { post } from './server.mjs';
import { project, run, succeed, write } from './tools.mjs';

let folder;
let right;

before(() => {
  folder = project('tada', ['tada/program.ts']);
  right = readFileSync(join(folder, 'program.ts'), 'utf8');
  write(folder, 'package.json', { type: 'module' });
  write(folder, 'tsconfig.json', {
    compilerOptions: {
      module: 'nodenext', target: 'es2022', strict: true, skipLibCheck: true, types: [], outDir: 'built',
      plugins: [{ name: 'gql.tada/ts-plugin', schema: './schema.graphql', tadaOutputLocation: './introspection.d.ts' }],
    },
    files: ['program.ts'],
  });
  succeed(folder, 'gql.tada', 'generate-output');
});

test('A right program passes the checks, and reads the demo content', async () => {
  succeed(folder, 'gql.tada', 'check', '--fail-on-warn');
  succeed(folder, 'tsc', '--project', 'tsconfig.json');
  const { program } = await import(pathToFileURL(join(folder, 'built/program.js')));
  const { data } = await (await post({ query: print(program.document), variables: program.variables })).json();
  const told = program.told(data.alliance);
  assert.equal(told.count, 36);
  assert.equal(told.active, 5);
  assert.equal(told.moments[0], '2014-11-03T09:00:00Z');
  assert.equal(told.moments.length, 4);
});

test('Wrong programs do not pass: an unknown field, a text that may be null, an unknown value of an enum', () => {
  const faults = [
    ['alliance.institutionCount', 'alliance.institutionSum', /institutionSum/u],
    ["post.publishedAt ?? 'never'", 'post.publishedAt', /string \| null/u],
    ["field: 'PUBLISHED_AT'", "field: 'TITLE'", /"TITLE"/u],
  ];
  const wrong = faults.reduce((text, [before, after]) => text.replace(before, after), right);
  write(folder, 'program.ts', wrong);
  const { ok, output } = run(folder, 'tsc', '--project', 'tsconfig.json', '--noEmit');
  assert.equal(ok, false);
  for (const [, , reason] of faults) assert.match(output, reason);
});
