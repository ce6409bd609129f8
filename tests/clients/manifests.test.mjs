// The committed manifests are what the tools write today, and the server can run every document in them.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { made } from './manifests/make.mjs';
import { post } from './server.mjs';
import { file } from './tools.mjs';

const committed = (name) => readFileSync(file(`manifests/${name}`), 'utf8');

/** How each format says its documents: pairs of id and text. */
const documents = {
  'relay.json': (manifest) => Object.entries(manifest),
  'codegen.json': (manifest) => Object.entries(manifest),
  'apollo.json': (manifest) => manifest.operations.map((operation) => [operation.id, operation.body]),
};

const variables = {
  AlliancePageQuery: { slug: 'nottingham-citizens' },
  PostPageQuery: { slug: 'no-place-for-hate', alliance: 'nottingham-citizens' },
  SearchPageQuery: { words: 'hate', types: ['POST', 'CAMPAIGN'] },
};

test('The manifests are what the tools write; else run: npm run manifests', () => {
  for (const [name, text] of Object.entries(made())) assert.equal(committed(name), text, name);
});

test('Apollo\'s manifest says its format', () => {
  const { format, version } = JSON.parse(committed('apollo.json'));
  assert.deepEqual({ format, version }, { format: 'apollo-persisted-query-manifest', version: 1 });
});

for (const [name, read] of Object.entries(documents)) {
  test(`Every document of ${name} has the SHA-256 of its text as its id, and runs`, async () => {
    const entries = read(JSON.parse(committed(name)));
    assert.equal(entries.length, 3);
    for (const [id, text] of entries) {
      assert.equal(createHash('sha256').update(text).digest('hex'), id);
      const operation = /query (\w+)/u.exec(text)[1];
      const { data, errors } = await (await post({ query: text, variables: variables[operation] })).json();
      assert.equal(errors, undefined);
      for (const root of Object.values(data)) assert.ok(root, operation);
    }
  });
}
