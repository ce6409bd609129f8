// The contract as a whole: it is linted, and it breaks no client of the last release.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

import { faults } from './linter.mjs';
import { breaking, lastRelease } from './releases.mjs';
import { schemaText } from './server.mjs';
import { project, write } from './tools.mjs';

/** What the rules ask beyond their defaults, and what they cannot ask of us. */
const rules = {
  // The contract describes every field and every value, not types and root fields alone.
  '@graphql-eslint/require-description': ['error', { types: true, DirectiveDefinition: true, FieldDefinition: true, EnumValueDefinition: true }],
  // Connections have `nodes` beside `edges`, and short lists that never page (organisers, reactions by kind, links) are plain lists.
  '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false }],
  // These are values, not objects: they are the same by what they say, and nobody asks for them by an id.
  '@graphql-eslint/strict-id-in-types': ['error', {
    exceptions: {
      suffixes: ['Connection', 'Edge', 'Payload'],
      types: [
        'AccountRole', 'CampaignEvent', 'DeletedDemo', 'DifferenceLine', 'EmailConsent', 'EmailStateCount', 'EmailSubscriptionWording', 'EmailTopicCount', 'EventTurnout', 'Feeds', 'Heading', 'PageInfo', 'PostDifference', 'PostEvent', 'PostMailing', 'PostTerms', 'PublicRole', 'ScheduledPost', 'PostPermissions', 'ReactionEvent', 'ReactionKindCount', 'ReactionSummary', 'ReactionsEvent', 'RichText', 'SearchResult', 'Share',
        'ShareLink', 'SyndicationChange', 'SyndicationOrigin', 'TwoFactor', 'UserError', 'Venue', 'VisitorToken', 'WebhookAttempt',
      ],
    },
  }],
};

/** Single places where a rule does not hold by design: the rule, the type, and why. */
const excepted = [
  // A result of a search is a find, not an object: its subject has the id. Relay itself asks for no Node in an edge.
  { rule: '@graphql-eslint/relay-edge-types', type: 'SearchEdge', message: /must implement `Node`/u },
  // A change is of a post, and stands in its feed alone.
  // What is scheduled belongs to a post, steps to an enquiry and turnouts to an event, and are asked for through it alone.
  // Whoever looks at a subscription is written down in the audit log: it is asked for through its list alone.
  ...['ScheduledPostEdge', 'EnquiryStepEdge', 'EventTurnoutEdge', 'EmailSubscriptionEdge', 'SyndicationChangeEdge'].map((type) => ({ rule: '@graphql-eslint/relay-edge-types', type, message: /must implement `Node`/u })),
  // What happened is read forwards alone, from where the reader stands.
  { rule: '@graphql-eslint/relay-arguments', type: 'Query', message: /`syndicationChanges` must contain an argument `(last|before)`/u },
];

test('The schema keeps graphql-eslint\'s rules for schemas, and Relay\'s', async () => {
  const found = await lint(schemaText());
  const left = found.filter((fault) => !excepted.some((exception) => covers(exception, fault)));
  assert.deepEqual(left, []);
  for (const exception of excepted) assert.ok(found.some((fault) => covers(exception, fault)), `${exception.type} needs no exception`);
});

test('The linter sees a missing description, a connection without pages and an enum in small letters', async () => {
  const wrong = schemaText()
    .replace('\t"""\n\tIts name.\n\t"""\n', '')
    .replace('type PostConnection {', 'type PostConnection {\n\t"""\n\tWrong.\n\t"""\n\tedge: Int\n}\n\n"""\nWrong.\n"""\ntype OldPostConnection {')
    .replace('\tHOSTED\n', '\thosted\n');
  const seen = new Set((await lint(wrong)).map((fault) => fault.rule));
  for (const rule of ['require-description', 'relay-connection-types', 'naming-convention']) assert.ok(seen.has(`@graphql-eslint/${rule}`), rule);
});

test('Nothing that the last release had is gone or changed', async (context) => {
  const release = lastRelease();
  if (!release) return context.skip('There is no release yet');
  context.diagnostic(`compared with ${release.tag}`);
  assert.deepEqual(await breaking(release.schema, schemaText()), []);
});

test('A field that goes, an argument that is asked for and a type that changes break clients; what grows does not', async () => {
  const before = schemaText();
  const changed = async (from, to) => {
    const after = before.replace(from, to);
    assert.notEqual(after, before);
    return breaking(before, after);
  };
  assert.deepEqual(await changed(field('institutionCount'), ''), ["Field 'institutionCount' was removed from object type 'Alliance'"]);
  assert.equal((await changed('\tviewerCan: PostPermissions!', '\tviewerCan(as: String!): PostPermissions!')).length, 1);
  assert.equal((await changed('\treadingMinutes: Int!', '\treadingMinutes: Int')).length, 1);
  assert.deepEqual(await changed('\treadingMinutes: Int!', '\treadingMinutes: Int!\n\twords: Int'), []);
});

test('What was deprecated may go', async () => {
  const deprecated = schemaText().replace('\treadingMinutes: Int!', '\treadingMinutes: Int! @deprecated(reason: "since 2026-11-01: count the words")');
  assert.deepEqual(await breaking(deprecated, schemaText().replace(field('readingMinutes'), '')), []);
});

test('The last release is the newest version that holds a schema', () => {
  const folder = project('releases');
  const git = (...args) => execFileSync('git', ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.org', ...args], { cwd: folder, stdio: 'pipe' });
  const release = (tag) => {
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', tag);
    git('tag', tag);
  };
  git('init', '--quiet');
  assert.equal(lastRelease(folder), undefined);
  for (const tag of ['v0.9.0', 'v0.10.0', 'w1.0.0']) {
    write(folder, 'schema.graphql', `type Query { ${tag.replaceAll('.', '_')}: Int }`);
    release(tag);
  }
  git('rm', '--quiet', 'schema.graphql');
  release('v0.11.0');
  assert.deepEqual(lastRelease(folder), { tag: 'v0.10.0', schema: 'type Query { v0_10_0: Int }' });
});

/** A field of an object, with the description above it. */
function field(name) {
  return new RegExp(`\\t"""\\n\\t[^\\n]+\\n\\t"""\\n\\t${name}: [^\\n]+\\n`, 'u');
}

function lint(schema) {
  return faults(schema, { rules });
}

function covers(exception, fault) {
  return fault.rule === exception.rule && fault.type === exception.type && exception.message.test(fault.message);
}
