// Apollo Client 4: fragments and a cache by id, pages of a connection, and documents by their hash.

import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { test } from 'node:test';

import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { relayStylePagination } from '@apollo/client/utilities';
import { filter, firstValueFrom, timeout } from 'rxjs';

import { endpoint, recordingFetch, schemaText } from './server.mjs';

const POST_CARD = gql`
  fragment PostCard on Post {
    id
    title
    reactions { label }
    author { id name }
    campaigns { nodes { id title } }
  }
`;

const ALLIANCE = gql`
  query Alliance($slug: String!) {
    alliance(slug: $slug) {
      id
      name
      institutionCount
      campaigns { nodes { id title } }
      posts { nodes { ...PostCard } }
    }
  }
  ${POST_CARD}
`;

const PAGES = gql`
  query Pages($slug: String!, $first: Int!, $after: String) {
    alliance(slug: $slug) {
      id
      posts(first: $first, after: $after) { edges { cursor node { id title } } pageInfo { hasNextPage endCursor } }
    }
  }
`;

const variables = { slug: 'nottingham-citizens' };

test('Apollo Client reads the demo content through a fragment', async () => {
  const { data } = await client().query({ query: ALLIANCE, variables });
  assert.equal(data.alliance.name, 'Nottingham Citizens');
  assert.equal(data.alliance.institutionCount, 36);
  assert.equal(data.alliance.campaigns.nodes.length, 5);
  assert.equal(data.alliance.posts.nodes.length, 4);
  assert.equal(data.alliance.posts.nodes[0].title, 'First-time voters put their questions over lunch');
});

test('Apollo Client keeps each object once, by its id', async () => {
  const apollo = client();
  const { data } = await apollo.query({ query: ALLIANCE, variables });
  const kept = apollo.cache.extract();
  const post = data.alliance.posts.nodes[0];
  assert.equal(kept[`Post:${post.id}`].title, post.title);
  assert.equal(Object.keys(kept).filter((key) => key.startsWith('Campaign:')).length, 5);

  apollo.cache.modify({ id: apollo.cache.identify(post), fields: { title: () => 'Changed in the cache' } });
  const again = apollo.readQuery({ query: ALLIANCE, variables });
  assert.equal(again.alliance.posts.nodes[0].title, 'Changed in the cache');
});

test('Apollo Client knows from the schema which types a fragment on an interface matches', async () => {
  const query = gql`query Found { search(query: "hate", first: 10) { nodes { subject { ... on Reactable { id reactions { label } } } } } }`;
  const { data } = await client().query({ query });
  assert.ok(data.search.nodes.length > 0);
  assert.ok(data.search.nodes.some(({ subject }) => subject.reactions?.label.includes('reaction')));
});

test('Apollo Client joins two pages of a connection into one list', async () => {
  const watched = client().watchQuery({ query: PAGES, variables: { ...variables, first: 2 } });
  const subscription = watched.subscribe(() => {});
  const emitted = (fits) => firstValueFrom(watched.pipe(filter(({ data }) => data && fits(data.alliance.posts)), timeout(5_000)));
  const first = await emitted((posts) => posts.edges.length === 2);
  const { pageInfo } = first.data.alliance.posts;
  assert.equal(pageInfo.hasNextPage, true);

  await watched.fetchMore({ variables: { after: pageInfo.endCursor } });
  const { posts } = (await emitted((joined) => joined.edges.length > 2)).data.alliance;
  subscription.unsubscribe();
  assert.equal(posts.edges.length, 4);
  assert.equal(new Set(posts.edges.map((edge) => edge.node.id)).size, 4);
  assert.equal(posts.pageInfo.hasNextPage, false);
});

test('Apollo Client registers a document by its hash, and asks by GET from then on', async () => {
  const name = `Hashed_${randomUUID().replaceAll('-', '_')}`;
  const query = gql(`query ${name}($slug: String!) { alliance(slug: $slug) { id institutionCount } }`);

  const first = recordingFetch();
  const { data } = await hashing(first.fetch).query({ query, variables });
  assert.equal(data.alliance.institutionCount, 36);
  const [asked, registered] = first.seen;
  assert.equal(asked.method, 'GET');
  assert.equal(asked.url.searchParams.get('query'), null);
  assert.equal(asked.answer.errors[0].message, 'PersistedQueryNotFound');
  assert.equal(asked.answer.errors[0].extensions.code, 'PERSISTED_QUERY_NOT_FOUND');
  assert.equal(registered.method, 'POST');
  assert.ok(registered.body.query.includes(name));

  const second = recordingFetch();
  await hashing(second.fetch).query({ query, variables });
  assert.equal(second.seen.length, 1);
  assert.equal(second.seen[0].method, 'GET');
  assert.equal(second.seen[0].url.searchParams.get('query'), null);
  assert.equal(second.seen[0].answer.data.alliance.institutionCount, 36);
});

test('Apollo Client meets a refusal as an error with our code', async () => {
  await assert.rejects(client().query({ query: gql`query Wrong { node(id: "nonsense") { id } }` }), (error) => {
    assert.equal(error.errors[0].extensions.code, 'BAD_REQUEST');
    return true;
  });
});

function client(link = new HttpLink({ uri: endpoint })) {
  return new ApolloClient({ link, cache: new InMemoryCache({ possibleTypes: possibleTypes(), typePolicies }), devtools: { enabled: false } });
}

const typePolicies = { Alliance: { fields: { posts: relayStylePagination() } } };

function hashing(fetch) {
  const sha256 = (text) => createHash('sha256').update(text).digest('hex');
  const link = new PersistedQueryLink({ sha256, useGETForHashedQueries: true });
  return client(link.concat(new HttpLink({ uri: endpoint, fetch })));
}

/** Which objects implement each interface and belong to each union, from our schema. */
function possibleTypes() {
  const implementing = [...schemaText().matchAll(/^type (\w+) implements ([\w &]+)/gmu)]
    .flatMap(([, object, interfaces]) => interfaces.trim().split(/\s*&\s*/u).map((name) => [name, object]));
  const members = [...schemaText().matchAll(/^union (\w+) = (.+)$/gmu)].flatMap(([, name, all]) => all.split(' | ').map((object) => [name, object]));
  const types = {};
  for (const [name, object] of [...implementing, ...members]) (types[name] ??= []).push(object);
  return types;
}
