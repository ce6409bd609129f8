// graphql-request: the smallest client.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ClientError, gql, GraphQLClient, request } from 'graphql-request';

import { endpoint } from './server.mjs';

const ALLIANCE = gql`query Alliance($slug: String!) { alliance(slug: $slug) { institutionCount campaigns { totalCount } posts { nodes { title } } } }`;

const variables = { slug: 'nottingham-citizens' };

test('graphql-request reads the demo content', async () => {
  const { alliance } = await request(endpoint, ALLIANCE, variables);
  assert.equal(alliance.institutionCount, 36);
  assert.equal(alliance.campaigns.totalCount, 5);
  assert.equal(alliance.posts.nodes.length, 4);
});

test('graphql-request reads by GET', async () => {
  const { alliance } = await new GraphQLClient(endpoint, { method: 'GET' }).request(ALLIANCE, variables);
  assert.equal(alliance.institutionCount, 36);
});

test('graphql-request throws what the server refuses', async () => {
  await assert.rejects(request(endpoint, gql`{ nonsense }`), (error) => {
    assert.ok(error instanceof ClientError);
    assert.match(error.response.errors[0].message, /nonsense/u);
    return true;
  });
});
