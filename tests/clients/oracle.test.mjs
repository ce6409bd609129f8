// The server refuses what graphql-js refuses, and executes what graphql-js executes.
//
// Every document of corpus/ goes to both. A document is refused where the answer has no `data`: execution did not begin.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { corpus } from './corpus.mjs';
import { reasons } from './oracle.mjs';
import { post } from './server.mjs';

/** Where server and graphql-js differ by the specification's own words. A document that does not differ must not stand here. */
const differences = new Map([
  ['merging.graphql: equal values written in two ways',
    'Validation, "Field Selection Merging": both must have identical sets of arguments. By "String Value" a block text is another way to '
    + 'write the same sequence of characters, so that these are identical; graphql-js compares their spelling.'],
]);

const entries = corpus();

test('The corpus is large, and no two entries of one file have one name', () => {
  assert.ok(entries.length >= 170, `${entries.length} documents`);
  assert.equal(new Set(entries.map(key)).size, entries.length);
});

test('Every difference that is argued is about a document of the corpus', () => {
  const keys = new Set(entries.map(key));
  for (const name of differences.keys()) assert.ok(keys.has(name), name);
});

for (const entry of entries) {
  test(`${entry.file}: ${entry.verdict === 'ok' ? 'executed' : `refused by ${entry.verdict}`}: ${entry.name}`, async () => {
    const judged = reasons(entry);
    assert.ok(entry.verdict === 'ok' ? judged.length === 0 : judged.includes(entry.verdict), `graphql-js says: ${judged.join(', ') || 'ok'}`);

    const answer = await answerTo(entry);
    const executed = 'data' in answer;
    const expected = differences.has(key(entry)) ? judged.length > 0 : judged.length === 0;
    assert.equal(executed, expected, `graphql-js says: ${judged.join(', ') || 'ok'}; the server says: ${said(answer)}`);
  });
}

function key({ file, name }) {
  return `${file}: ${name}`;
}

async function answerTo({ document, variables, operation }) {
  const response = await post({ query: document, variables, operationName: operation });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`status ${response.status} with a body that is no JSON: ${text.slice(0, 200)}`);
  }
}

function said(answer) {
  return answer.errors ? answer.errors.map((error) => error.message).join(' / ') : 'no error';
}
