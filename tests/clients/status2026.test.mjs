// The status codes of the specification "GraphQL over HTTP" of September 2026, section "Status Codes": each of them by its own test.
//
// They hold under both media types. Where an answer is refused, either type will do, since the text leaves it open.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { endpoint2026, GRAPHQL, JSON_TYPE } from './server.mjs';
import { fine, invalid, malformed, notWellFormed, partial, transport, uncoerced, undetermined, unparsed } from './status-cases.mjs';

const skip = endpoint2026 ? false : 'ALLIANCE_URL_2026 names no server';

expected('JSON that cannot be parsed', malformed, 400, false);
expected('A request that is not well-formed', notWellFormed, 422, false);
expected('A document that cannot be parsed', unparsed, 400, false);
expected('A document that is not valid', invalid, 422, false);
expected('An operation that cannot be determined', undetermined, 422, false);
expected('Variables that cannot be coerced', uncoerced, 422, false);
expected('A partial success', partial, 294, true);
expected('A request without a fault', fine, 200, true);

for (const [name, [status, ask]] of Object.entries(transport)) {
  test(`September 2026: HTTP refuses ${name} by ${status}`, { skip }, async () => {
    const response = await ask({ url: endpoint2026 });
    assert.equal(response.status, status, await response.text());
    if (status === 405) assert.match(response.headers.get('allow') ?? 'no Allow', /POST/u);
  });
}

function expected(what, cases, status, hasData) {
  for (const [name, ask] of Object.entries(cases)) {
    for (const accept of [GRAPHQL, JSON_TYPE]) {
      test(`September 2026: ${what}: ${name}: ${status} as ${accept}`, { skip }, async () => {
        const response = await ask({ url: endpoint2026, accept });
        const text = await response.text();
        assert.equal(response.status, status, text);
        const answer = JSON.parse(text);
        assert.equal('data' in answer, hasData, text);
        if (status !== 200) assert.ok(answer.errors.length > 0, text);
        const given = response.headers.get('content-type');
        assert.ok(hasData ? given.startsWith(accept) : given.startsWith(GRAPHQL) || given.startsWith(JSON_TYPE), given);
      });
    }
  }
}
