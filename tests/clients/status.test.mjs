// The status codes by default: under application/json the 200 that clients have come to expect, real ones under GraphQL's own type.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { endpoint, GRAPHQL, JSON_TYPE } from './server.mjs';
import { fine, invalid, malformed, notWellFormed, partial, transport, uncoerced, undetermined, unparsed } from './status-cases.mjs';

const JSON_GETS_200 = { [GRAPHQL]: 400, [JSON_TYPE]: 200 };
const BOTH_GET_400 = { [GRAPHQL]: 400, [JSON_TYPE]: 400 };
const BOTH_GET_200 = { [GRAPHQL]: 200, [JSON_TYPE]: 200 };

expected('A malformed body', malformed, BOTH_GET_400, false);
expected('A request that is not well-formed', notWellFormed, BOTH_GET_400, false);
expected('A document that cannot be parsed', unparsed, JSON_GETS_200, false);
expected('A document that is not valid', invalid, JSON_GETS_200, false);
expected('An operation that cannot be determined', undetermined, JSON_GETS_200, false);
expected('Variables that cannot be coerced', uncoerced, JSON_GETS_200, false);
expected('A partial success', partial, BOTH_GET_200, true);
expected('A request without a fault', fine, BOTH_GET_200, true);

for (const [name, [status, ask]] of Object.entries(transport)) {
  test(`HTTP refuses ${name} by ${status}`, async () => {
    const response = await ask({ url: endpoint });
    assert.equal(response.status, status, await response.text());
    if (status === 405) assert.match(response.headers.get('allow') ?? 'no Allow', /POST/u);
  });
}

const preferences = {
  [`${JSON_TYPE};q=0.5, ${GRAPHQL}`]: GRAPHQL,
  [`${GRAPHQL};q=0.5, ${JSON_TYPE}`]: JSON_TYPE,
  [`${GRAPHQL}, ${JSON_TYPE};q=0.9`]: GRAPHQL,
  [`text/html, application/*;q=0.8`]: 'application/',
  [`${GRAPHQL};q=0, */*`]: JSON_TYPE,
  '*/*': JSON_TYPE,
  'APPLICATION/GRAPHQL-RESPONSE+JSON; charset=utf-8': GRAPHQL,
};

for (const [accept, type] of Object.entries(preferences)) {
  test(`Who accepts ${accept} gets ${type}`, async () => {
    const response = await fine['a query']({ url: endpoint, accept });
    assert.equal(response.status, 200);
    assert.ok(response.headers.get('content-type').startsWith(type), response.headers.get('content-type'));
    assert.match(response.headers.get('vary') ?? 'no Vary', /accept/iu);
  });
}

function expected(what, cases, statuses, hasData) {
  for (const [name, ask] of Object.entries(cases)) {
    for (const [accept, status] of Object.entries(statuses)) {
      test(`${what}: ${name}: ${status} as ${accept}`, async () => {
        const response = await ask({ url: endpoint, accept });
        const text = await response.text();
        assert.equal(response.status, status, text);
        assert.equal('data' in JSON.parse(text), hasData, text);
        assert.ok(response.headers.get('content-type').startsWith(accept), response.headers.get('content-type'));
      });
    }
  }
}
