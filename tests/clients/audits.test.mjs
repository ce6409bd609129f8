// The audits of the npm package graphql-http: does the server keep to GraphQL over HTTP?

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { serverAudits } from 'graphql-http';

import { endpoint, endpoint2026 } from './server.mjs';

const NOT_WELL_FORMED = 'A request that is not well-formed gets 422; the audit wants the 400 of the draft.';
const REAL_CODE = 'What has no `data` gets a real 4xx under application/json too; the audit wants the 200 of the draft.';
const NOT_COERCED = 'Variables that cannot be coerced get 422; the audit wants the 400 of the draft.';

/** The audits that the status codes of September 2026 contradict, each with the reason. */
const contradicted = new Map([
  ['423L', NOT_WELL_FORMED], ['3E3A', NOT_WELL_FORMED],
  ['LKJ0', NOT_WELL_FORMED], ['LKJ1', NOT_WELL_FORMED], ['LKJ2', NOT_WELL_FORMED], ['LKJ3', NOT_WELL_FORMED],
  ['6C00', NOT_WELL_FORMED], ['6C01', NOT_WELL_FORMED], ['6C02', NOT_WELL_FORMED], ['6C03', NOT_WELL_FORMED],
  ['4760', NOT_WELL_FORMED], ['4761', NOT_WELL_FORMED], ['4762', NOT_WELL_FORMED], ['4763', NOT_WELL_FORMED],
  ['58B0', NOT_WELL_FORMED], ['58B1', NOT_WELL_FORMED], ['58B2', NOT_WELL_FORMED], ['58B3', NOT_WELL_FORMED],
  ['572B', REAL_CODE], ['FDE2', REAL_CODE], ['7B9B', REAL_CODE],
  ['86EE', NOT_COERCED],
  // 74FF, on validation, is kept: its field begins with a digit, so that its document cannot be parsed, which is 400 in both.
]);

const audits = serverAudits({ url: endpoint });

test('There are 61 audits', () => assert.equal(audits.length, 61));

for (const audit of audits) {
  test(`By default: ${audit.id}: ${audit.name}`, async () => {
    const result = await audit.fn();
    assert.equal(result.status, 'ok', told(result));
  });
}

const skip = endpoint2026 ? false : 'ALLIANCE_URL_2026 names no server';

test('Every audit that is contradicted is an audit', () => {
  const ids = new Set(audits.map((audit) => audit.id));
  for (const id of contradicted.keys()) assert.ok(ids.has(id), id);
});

for (const audit of serverAudits({ url: endpoint2026 ?? endpoint })) {
  const reason = contradicted.get(audit.id);
  test(`September 2026: ${reason ? 'contradicted: ' : ''}${audit.id}: ${audit.name}`, { skip }, async () => {
    const result = await audit.fn();
    if (reason) assert.notEqual(result.status, 'ok', `this audit is kept; take it from the table, which says: ${reason}`);
    else assert.equal(result.status, 'ok', told(result));
  });
}

function told(result) {
  return `${result.status}: ${result.reason}`;
}
