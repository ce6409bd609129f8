// A list of posts that loads page after page, and can be fetched anew from where it stands.

import { graphql } from 'relay-runtime';

export const list = graphql`
  fragment PostList_alliance on Alliance
  @argumentDefinitions(first: { type: "Int", defaultValue: 2 }, after: { type: "String" })
  @refetchable(queryName: "PostListPaginationQuery") {
    posts(first: $first, after: $after) @connection(key: "PostList_posts") {
      edges {
        node {
          ...PostCard_post
        }
      }
    }
  }
`;
