// Relay: its compiler accepts our schema, and its runtime pages through what the compiler made.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { before, test } from 'node:test';

import relay from 'relay-runtime';

import { compiled, compiling } from './relay/compile.mjs';
import { post } from './server.mjs';
import { file } from './tools.mjs';

const { createOperationDescriptor, Environment, fetchQuery, getSelector, Network, RecordSource, Store } = relay;

const components = Object.fromEntries(readdirSync(file('relay/components')).map((name) => [name, readFileSync(file(`relay/components/${name}`), 'utf8')]));

let page;
let pagination;
let list;
let persisted;

before(() => {
  const made = compiled(components);
  persisted = made.persisted;
  page = made.artifact('AlliancePageQuery');
  pagination = made.artifact('PostListPaginationQuery');
  list = made.artifact('PostList_alliance');
});

test('Relay\'s compiler refuses a field that the schema does not have', () => {
  const { ok, output } = compiling(components, { 'PostCard.js': components['PostCard.js'].replace('publishedAt', 'publishedOn') });
  assert.equal(ok, false);
  assert.match(output, /publishedOn/u);
});

test('Relay\'s compiler keeps the texts by their hash, and takes them out of its artifacts', () => {
  assert.equal(page.params.text, null);
  assert.deepEqual(Object.keys(persisted).sort(), [page.params.id, pagination.params.id].sort());
  for (const [id, text] of Object.entries(persisted)) assert.equal(createHash('sha256').update(text).digest('hex'), id);
});

test('Relay\'s texts run as they are', async () => {
  const { data, errors } = await ask(page.params, { slug: 'nottingham-citizens' });
  assert.equal(errors, undefined);
  assert.equal(data.alliance.institutionCount, 36);
  assert.equal(data.alliance.campaigns.nodes.length, 5);
  assert.equal(data.alliance.posts.edges.length, 2);
  assert.equal(data.alliance.posts.edges[0].node.title, 'First-time voters put their questions over lunch');
});

test('Relay loads the next page through the alliance\'s id, and joins both in its store', async () => {
  const environment = new Environment({ network: Network.create(ask), store: new Store(new RecordSource()) });
  const operation = createOperationDescriptor(page, { slug: 'nottingham-citizens' });
  await fetchQuery(environment, page, operation.request.variables).toPromise();
  environment.retain(operation);

  const reference = () => environment.lookup(operation.fragment).data.alliance;
  const posts = () => environment.lookup(getSelector(list, reference())).data.posts;
  assert.equal(reference().name, 'Nottingham Citizens');
  assert.equal(posts().edges.length, 2);
  assert.equal(posts().pageInfo.hasNextPage, true);

  const variables = { id: reference().id, first: 2, after: posts().pageInfo.endCursor };
  await fetchQuery(environment, pagination, variables).toPromise();
  assert.equal(posts().edges.length, 4);
  assert.equal(new Set(posts().edges.map((edge) => edge.cursor)).size, 4);
  assert.equal(posts().pageInfo.hasNextPage, false);
});

/** Fetches what Relay asks for, by the text that its compiler kept. */
async function ask(params, variables) {
  const response = await post({ query: persisted[params.id], operationName: params.name, variables });
  return response.json();
}
