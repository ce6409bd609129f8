// What a site is sent is believed by the library of Standard Webhooks, and by no other secret. The node is the test's own, on SQLite:
// ALLIANCE_BINARY says what to start.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';

import { Webhook } from 'standardwebhooks';

import { Nodes } from './live/nodes.mjs';

const skip = process.env.ALLIANCE_BINARY ? false : 'ALLIANCE_BINARY names no binary';

describe('webhooks', { skip }, () => {
  const nodes = new Nodes();
  const received = [];
  const site = createServer(async (request, response) => {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    received.push({ headers: request.headers, body: Buffer.concat(pieces).toString() });
    response.writeHead(204).end();
    site.emit('received');
  });

  before(async () => {
    site.listen(0, '127.0.0.1');
    await once(site, 'listening');
    await nodes.start({ ALLIANCE_OUTGOING_ALLOWED: '127.0.0.1' });
  });
  after(async () => {
    await nodes.stop();
    site.closeAllConnections();
    site.close();
  });

  test('the library believes what a site is sent, and while secrets change, by both of them', async () => {
    const input = { alliance: nodes.here, url: `http://127.0.0.1:${site.address().port}/hooks`, events: ['POST_PUBLISHED'] };
    const { webhook, secret } = await nodes.change('admin', 'webhookCreate', input, 'webhook { id version } secret');
    const rotated = await nodes.change('admin', 'webhookSecretRotate', { id: webhook.id, version: webhook.version }, 'secret');
    const arrives = once(site, 'received');
    await nodes.publish('Believed');
    await arrives;
    const [{ headers, body }] = received;
    for (const known of [secret, rotated.secret]) {
      const said = new Webhook(known).verify(body, headers);
      assert.equal(said.type, 'post.published');
      assert.match(said.data.url, /\/posts\/believed$/u);
    }
    assert.throws(() => new Webhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw').verify(body, headers), /signature/u);
    assert.throws(() => new Webhook(secret).verify(body.replace('published', 'withdrawn'), headers), /signature/u);
  });
});
