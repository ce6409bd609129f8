// Nodes of the test's own: the one that clients are connected to, and another that things are done on. Both use one database.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const { ALLIANCE_BINARY, ALLIANCE_LIVE_DATABASE } = process.env;

/** One node, which keeps its address when it begins again. */
export class Node {
  told = '';
  constructor(folder, settings) {
    this.folder = folder;
    this.settings = settings;
  }

  async begin() {
    const listen = this.address?.replace('http://', '') ?? '127.0.0.1:0';
    const env = { ...process.env, ALLIANCE_DATA_DIR: this.folder, ALLIANCE_DEMO: 'true', ALLIANCE_RATE_MUTATIONS: '100000', ALLIANCE_PUBLIC_URL: 'https://citizens.example', ...this.settings };
    delete env.ALLIANCE_LISTEN;
    this.process = spawn(ALLIANCE_BINARY, ['--listen', listen], { env, stdio: ['ignore', 'pipe', 'ignore'] });
    this.process.stdout.on('data', (text) => (this.told += text));
    for (let tries = 0; tries < 600; tries += 1) {
      const address = /GraphQL *(http:\/\/[^/]*)\//u.exec(this.told)?.[1];
      if (address && (await fetch(`${address}/readyz`).catch(() => undefined))?.ok) return (this.address = address);
      await wait(50);
    }
    throw new Error(`the node does not begin: ${this.told}`);
  }

  async kill() {
    const ended = new Promise((resolve) => this.process.on('exit', resolve));
    this.process.kill('SIGKILL');
    await ended;
  }
}

/** Two nodes on PostgreSQL, or one on SQLite that is both, and the people of the demo. With settings of its own it is one on SQLite. */
export class Nodes {
  async start(own) {
    this.folder = mkdtempSync(join(tmpdir(), 'alliance-live-'));
    const shared = own ? undefined : ALLIANCE_LIVE_DATABASE;
    const settings = own ?? (shared ? { DATABASE_URL: shared } : {});
    const node = (name) => new Node(join(this.folder, name), settings);
    this.far = node('far');
    await this.far.begin();
    this.passwords = new Map([...this.far.told.matchAll(/(\w+)@demo\.example +(\S+)/gu)].map(([, name, password]) => [name, password]));
    this.near = shared ? node('near') : this.far;
    if (this.near !== this.far) await this.near.begin();
    this.here = (await this.ask('{ alliance(slug: "nottingham-citizens") { id } }')).alliance.id;
    this.supporter = (await this.ask('{ viewer { account { id } } }', {}, await this.token('supporter'))).viewer.account.id;
  }

  async stop() {
    for (const node of new Set([this.far, this.near])) await node?.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async ask(query, variables = {}, token) {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const response = await fetch(`${this.far.address}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    const { data, errors } = await response.json();
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data;
  }

  async token(name) {
    const query = 'mutation($i: SignInInput!) { signIn(input: $i) { accessToken } }';
    return (await this.ask(query, { i: { email: `${name}@demo.example`, password: this.passwords.get(name) } })).signIn.accessToken;
  }

  /** Makes a change as somebody of the demo. */
  async change(name, field, input, selection) {
    this.tokens ??= new Map();
    if (!this.tokens.has(name)) this.tokens.set(name, await this.token(name));
    const type = `${field[0].toUpperCase()}${field.slice(1)}Input!`;
    const query = `mutation($i: ${type}) { ${field}(input: $i) { ${selection} userErrors { code message } } }`;
    const payload = (await this.ask(query, { i: input }, this.tokens.get(name)))[field];
    assert.deepEqual(payload.userErrors, [], field);
    return payload;
  }

  async publish(title) {
    const { post } = await this.change('editor', 'postCreate', { alliance: this.here, title }, 'post { id version }');
    await this.change('editor', 'postPublish', { id: post.id, version: post.version }, 'post { id }');
  }
}
