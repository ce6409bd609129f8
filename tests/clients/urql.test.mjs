// urql: plain queries, GET, and documents by their hash.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

import { cacheExchange, Client, fetchExchange, gql } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';

import { endpoint, recordingFetch } from './server.mjs';

const ALLIANCE = gql`
  query Alliance($slug: String!) {
    alliance(slug: $slug) { ...Counts posts { nodes { title ...Written } } }
  }
  fragment Counts on Alliance { id institutionCount campaigns { totalCount nodes { title } } }
  fragment Written on Post { publishedAt author { name } }
`;

const variables = { slug: 'nottingham-citizens' };

test('urql reads the demo content', async () => {
  const { data, error } = await client([cacheExchange, fetchExchange]).query(ALLIANCE, variables);
  assert.equal(error?.message, undefined);
  assert.equal(data.alliance.institutionCount, 36);
  assert.equal(data.alliance.campaigns.totalCount, 5);
  assert.deepEqual(data.alliance.campaigns.nodes.map((node) => node.title), ['Air pollution', 'Hate crime', 'Homelessness', 'Modern slavery', 'Sanctuary']);
  assert.equal(data.alliance.posts.nodes.length, 4);
  assert.equal(data.alliance.posts.nodes[0].author.name, 'Sample Author');
});

test('urql reads by GET', async () => {
  const { fetch, seen } = recordingFetch();
  const { data, error } = await client([fetchExchange], { fetch, preferGetMethod: 'force' }).query(ALLIANCE, variables);
  assert.equal(error?.message, undefined);
  assert.equal(seen[0].method, 'GET');
  assert.equal(data.alliance.posts.nodes.length, 4);
});

test('urql registers a document by its hash, and asks by GET from then on', async () => {
  const name = `Hashed_${randomUUID().replaceAll('-', '_')}`;
  const query = gql(`query ${name}($slug: String!) { alliance(slug: $slug) { id institutionCount } }`);

  const first = recordingFetch();
  const registered = await hashing(first.fetch).query(query, variables);
  assert.equal(registered.error?.message, undefined);
  assert.equal(registered.data.alliance.institutionCount, 36);
  assert.equal(first.seen.length, 2);
  assert.equal(first.seen[0].answer.errors[0].message, 'PersistedQueryNotFound');

  const second = recordingFetch();
  const known = await hashing(second.fetch).query(query, variables);
  assert.equal(known.data.alliance.institutionCount, 36);
  assert.equal(second.seen.length, 1);
  assert.equal(second.seen[0].method, 'GET');
  assert.equal(second.seen[0].url.searchParams.get('query'), null);
});

test('urql meets a refused document as a GraphQL error, not as a fault of the network', async () => {
  const { data, error } = await client([fetchExchange]).query(gql`query Wrong { nonsense }`, {});
  assert.equal(data ?? undefined, undefined);
  assert.equal(error.networkError, undefined);
  assert.match(error.graphQLErrors[0].message, /nonsense/u);
});

function client(exchanges, options = {}) {
  return new Client({ url: endpoint, exchanges, preferGetMethod: false, ...options });
}

function hashing(fetch) {
  return client([persistedExchange({ preferGetForPersistedQueries: 'force' }), fetchExchange], { fetch });
}
