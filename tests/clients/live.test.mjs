// Live subscriptions in the clients that frontends use: each hears of what another node did, goes on after its own node was killed, and
// is sent away once its account may not go on. The nodes are the test's own: ALLIANCE_BINARY says what to start, and ALLIANCE_LIVE_DATABASE
// where PostgreSQL has an empty database for them; without that one node on SQLite is both.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';

import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

import { Nodes } from './live/nodes.mjs';

const PUBLISHED = 'subscription Published($after: String) { postPublished(after: $after) { cursor post { title } } }';
const binary = process.env.ALLIANCE_BINARY;
const skip = binary ? false : 'ALLIANCE_BINARY names no binary';

/** What somebody hears: titles in order, and a promise for the next of them. */
class Heard {
  titles = [];
  errors = [];
  variables = {};
  told(event) {
    const { cursor, post } = event.postPublished;
    // A client that connects again sends its variables as they are then: so it resumes behind what it has heard.
    this.variables.after = cursor;
    this.titles.push(post.title);
  }
  async until(title) {
    for (let tries = 0; tries < 400; tries += 1) {
      if (this.titles.includes(title)) return;
      await wait(25);
    }
    assert.fail(`${title} is not heard: ${JSON.stringify(this.titles)} ${this.errors.map(String)}`);
  }
}

const again = { retryAttempts: 100, retryWait: () => wait(200), shouldRetry: () => true };

/** Each of these follows at an address until it is told to end. */
const CLIENTS = {
  'graphql-ws': (address, heard) => {
    const client = createClient({ url: `${address.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, ...again });
    client.subscribe({ query: PUBLISHED, variables: heard.variables }, sink(heard));
    return () => client.dispose();
  },
  'graphql-sse': (address, heard) => {
    const client = createSseClient({ url: `${address}/graphql`, retryAttempts: 100, retry: () => wait(200) });
    client.subscribe({ query: PUBLISHED, variables: heard.variables }, sink(heard));
    return () => client.dispose();
  },
  'Apollo Client over WebSocket': (address, heard) => {
    const ws = createClient({ url: `${address.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, ...again });
    // Apollo sends a copy of the variables: here they are those that change.
    const resumes = new ApolloLink((operation, forward) => ((operation.variables = heard.variables), forward(operation)));
    const client = new ApolloClient({ link: ApolloLink.from([resumes, new GraphQLWsLink(ws)]), cache: new InMemoryCache() });
    const subscription = client.subscribe({ query: gql(PUBLISHED), variables: heard.variables, fetchPolicy: 'no-cache' }).subscribe(apollo(heard));
    return () => (subscription.unsubscribe(), ws.dispose());
  },
  'Apollo Client by parts': (address, heard) => lasting((ended) => {
    const client = new ApolloClient({ link: ApolloLink.from([new HttpLink({ uri: `${address}/graphql` })]), cache: new InMemoryCache() });
    const request = { query: gql(PUBLISHED), variables: { ...heard.variables }, fetchPolicy: 'no-cache' };
    const subscription = client.subscribe(request).subscribe({ ...apollo(heard, ended), complete: ended });
    return () => subscription.unsubscribe();
  }),
  'urql over WebSocket': (address, heard) => {
    const ws = createClient({ url: `${address.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, ...again });
    const forward = ({ query }) => ({
      subscribe: (to) => ({ unsubscribe: ws.subscribe({ query, variables: heard.variables }, to) }),
    });
    const client = new Client({ url: `${address}/graphql`, exchanges: [subscriptionExchange({ forwardSubscription: forward })], preferGetMethod: false });
    const { unsubscribe } = client.subscription(PUBLISHED, {}).subscribe(urql(heard));
    return () => (unsubscribe(), ws.dispose());
  },
  'urql by fetch': (address, heard) => lasting((ended) => {
    const client = new Client({ url: `${address}/graphql`, exchanges: [fetchExchange], fetchSubscriptions: true, preferGetMethod: false });
    const told = urql(heard);
    const { unsubscribe } = client.subscription(PUBLISHED, { ...heard.variables }).subscribe((result) => {
      if (result.data) told(result);
      if (result.error || !result.hasNext) ended();
    });
    return unsubscribe;
  }),
};

const sink = (heard) => ({
  next: ({ data, errors }) => (data ? heard.told(data) : heard.errors.push(...errors)),
  error: (error) => heard.errors.push(error),
  complete: () => {},
});
const apollo = (heard, failed = () => {}) => ({
  next: ({ data, error }) => (data ? heard.told(data) : (heard.errors.push(error), failed())),
  error: (error) => (heard.errors.push(error), failed()),
});
const urql = (heard) => ({ data, error }) => (data ? heard.told(data) : heard.errors.push(error));

/** A client that does not connect again by itself is begun anew by its frontend, whenever it ends. */
function lasting(begin) {
  let end = () => {};
  let over = false;
  const start = () => {
    let ended = false;
    end = begin(async () => {
      if (ended || over) return;
      ended = true;
      await wait(200);
      if (!over) start();
    });
  };
  start();
  return () => ((over = true), end());
}

describe('live subscriptions', { skip, timeout: 240_000 }, () => {
  const nodes = new Nodes();
  const heard = new Map();
  const ends = [];
  before(async () => {
    await nodes.start();
    for (const [name, follow] of Object.entries(CLIENTS)) {
      heard.set(name, new Heard());
      ends.push(follow(nodes.near.address, heard.get(name)));
    }
    await wait(1500);
  });
  after(async () => {
    for (const end of ends) await end();
    await nodes.stop();
  });

  test('each client hears of what was published on another node', async () => {
    await nodes.publish('On another node');
    for (const each of heard.values()) await each.until('On another node');
  });

  test('each goes on after its node was killed, without a miss or a double', async () => {
    await nodes.near.kill();
    const meanwhile = nodes.far === nodes.near ? [] : ['Missed 1', 'Missed 2', 'Missed 3'];
    for (const title of meanwhile) await nodes.publish(title);
    await nodes.near.begin();
    await nodes.publish('After the restart');
    const all = ['On another node', ...meanwhile, 'After the restart'];
    const missing = await Promise.all([...heard].map(([name, each]) => each.until('After the restart').catch((e) => `${name}: ${e.message}`)));
    assert.deepEqual(missing.filter(Boolean), []);
    for (const [name, each] of heard) assert.deepEqual(each.titles, all, name);
  });

  for (const [what, withdraw] of Object.entries({
    'its account is disabled': () => nodes.change('operator', 'accountDisable', { id: nodes.supporter }, 'account { isDisabled }'),
  })) {
    test(`clients are sent away within five seconds once ${what}`, async () => {
      const authorization = `Bearer ${await nodes.token('supporter')}`;
      const closed = new Promise((resolve) => {
        const client = createClient({
          url: `${nodes.near.address.replace('http', 'ws')}/graphql`,
          webSocketImpl: WebSocket,
          connectionParams: { authorization },
          retryAttempts: 0,
          on: { closed: resolve },
        });
        client.subscribe({ query: PUBLISHED }, { next() {}, error() {}, complete() {} });
      });
      const refused = new Promise((resolve) => {
        const client = createSseClient({ url: `${nodes.near.address}/graphql`, headers: { authorization }, retryAttempts: 0 });
        client.subscribe({ query: PUBLISHED }, { next: ({ errors }) => errors && resolve(errors[0]), error: resolve, complete() {} });
      });
      await wait(1000);
      const began = Date.now();
      await withdraw();
      assert.equal((await closed).code, 4403);
      assert.equal((await refused).extensions?.code, 'UNAUTHENTICATED');
      assert.ok(Date.now() - began < 5000, `after ${Date.now() - began} ms`);
    });
  }
});
