// A program by the types that graphql-codegen made. It prints what it read.

import { graphql } from './gql/index.js';
import type { TypedDocumentString } from './gql/graphql.js';
import { PostKind } from './gql/graphql.js';

const NEWS = graphql(`
  query News($alliance: String!, $filter: PostFilter, $first: Int) {
    alliance(slug: $alliance) {
      institutionCount
      campaigns { nodes { title } }
      posts(first: $first, filter: $filter, orderBy: { field: PUBLISHED_AT, direction: ASC }) {
        nodes { title publishedAt kind }
      }
    }
  }
`);

async function ask<Answer, Variables>(document: TypedDocumentString<Answer, Variables>, variables: Variables): Promise<Answer> {
  const response = await fetch(process.argv[2]!, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: document.toString(), variables }),
  });
  const answer = (await response.json()) as { data: Answer };
  return answer.data;
}

const { alliance } = await ask(NEWS, { alliance: 'nottingham-citizens', first: 10, filter: { kinds: [PostKind.News, PostKind.Report, PostKind.Statement] } });
const count: number | undefined = alliance?.institutionCount;
const moments: string[] = (alliance?.posts.nodes ?? []).map((post) => post.publishedAt ?? 'never');
console.log(JSON.stringify({ count, campaigns: alliance?.campaigns.nodes.length, moments }));
