// A program by the types that gql.tada reads from the schema.

import { initGraphQLTada, type ResultOf, type VariablesOf } from 'gql.tada';
import type { introspection } from './introspection.js';

const graphql = initGraphQLTada<{ introspection: introspection; scalars: { DateTime: string; Date: string } }>();

const CARD = graphql(`
  fragment Card on Post @_unmask {
    title
    publishedAt
    reactions { total label }
  }
`);

const ALLIANCE = graphql(`
  query Alliance($slug: String!, $order: PostOrder) {
    alliance(slug: $slug) {
      institutionCount
      campaigns { nodes { title status } }
      posts(orderBy: $order) { nodes { ...Card } }
    }
  }
`, [CARD]);

type Alliance = NonNullable<ResultOf<typeof ALLIANCE>['alliance']>;

const variables: VariablesOf<typeof ALLIANCE> = { slug: 'nottingham-citizens', order: { field: 'PUBLISHED_AT', direction: 'ASC' } };

function told(alliance: Alliance) {
  const count: number = alliance.institutionCount;
  const moments: string[] = alliance.posts.nodes.map((post) => post.publishedAt ?? 'never');
  const statuses: ('DRAFT' | 'ACTIVE' | 'CLOSED')[] = alliance.campaigns.nodes.map((campaign) => campaign.status);
  return { count, moments, active: statuses.filter((status) => status === 'ACTIVE').length };
}

export const program = { document: ALLIANCE, variables, told };
