// Real clients live with the status codes of September 2026: 422 is told as GraphQL's error, 294 as data with errors.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ApolloClient, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { Client, fetchExchange } from '@urql/core';
import { ClientError, request } from 'graphql-request';

import { endpoint2026 } from './server.mjs';

const skip = endpoint2026 ? false : 'ALLIANCE_URL_2026 names no server';

const FINE = gql`query Fine { alliance(slug: "nottingham-citizens") { id institutionCount } }`;
const PARTIAL = gql`query Partial { node(id: "nonsense") { id } alliance(slug: "nottingham-citizens") { id institutionCount } }`;
const REFUSED = gql`query Refused { nonsense }`;

test('Apollo Client reads data, data with errors, and refusals', { skip }, async () => {
  const apollo = new ApolloClient({ link: new HttpLink({ uri: endpoint2026 }), cache: new InMemoryCache(), devtools: { enabled: false } });
  assert.equal((await apollo.query({ query: FINE })).data.alliance.institutionCount, 36);

  const partial = await apollo.query({ query: PARTIAL, errorPolicy: 'all' });
  assert.equal(partial.data.alliance.institutionCount, 36);
  assert.deepEqual(partial.error.errors[0].path, ['node']);

  await assert.rejects(apollo.query({ query: REFUSED }), (error) => CombinedGraphQLErrors.is(error) && /nonsense/u.test(error.message));
});

test('urql reads data, data with errors, and refusals', { skip }, async () => {
  const urql = new Client({ url: endpoint2026, exchanges: [fetchExchange], preferGetMethod: false });
  assert.equal((await urql.query(FINE, {})).data.alliance.institutionCount, 36);

  const partial = await urql.query(PARTIAL, {});
  assert.equal(partial.data.alliance.institutionCount, 36);
  assert.deepEqual(partial.error.graphQLErrors[0].path, ['node']);

  const { error } = await urql.query(REFUSED, {});
  assert.match(error.graphQLErrors[0].message, /nonsense/u);
});

test('graphql-request reads data, and throws data with errors and refusals', { skip }, async () => {
  assert.equal((await request(endpoint2026, FINE)).alliance.institutionCount, 36);
  await assert.rejects(request(endpoint2026, PARTIAL), (error) => error instanceof ClientError && error.response.data.alliance.institutionCount === 36);
  await assert.rejects(request(endpoint2026, REFUSED), (error) => error instanceof ClientError && /nonsense/u.test(error.response.errors[0].message));
});
