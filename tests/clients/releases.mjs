// The last release's schema, and what has changed since in a way that breaks clients.

import { spawnSync } from 'node:child_process';

import { diff, DiffRule } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

import { file } from './tools.mjs';

/** The newest version that holds a schema: `{ tag, schema }`; undefined where nothing is released. */
export function lastRelease(folder = file('.')) {
  const tags = git(folder, 'tag', '--list', 'v*', '--sort=-version:refname')?.split('\n').filter(Boolean) ?? [];
  for (const tag of tags) {
    const schema = git(folder, 'show', `${tag}:schema.graphql`);
    if (schema) return { tag, schema };
  }
  return undefined;
}

/** What breaks clients of the old schema, in words. What was deprecated may go. */
export async function breaking(before, after) {
  const changes = await diff(buildSchema(before), buildSchema(after), [DiffRule.suppressRemovalOfDeprecatedField]);
  return changes.filter((change) => change.criticality.level === 'BREAKING').map((change) => change.message);
}

function git(folder, ...args) {
  const ran = spawnSync('git', args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 });
  return ran.status === 0 ? ran.stdout : undefined;
}
