// The page of an alliance: what it is, its campaigns, its list of posts.

import { graphql } from 'relay-runtime';

export const page = graphql`
  query AlliancePageQuery($slug: String!) {
    alliance(slug: $slug) {
      id
      name
      institutionCount
      campaigns(first: 10) {
        nodes {
          title
        }
      }
      ...PostList_alliance
    }
  }
`;
