// What a card shows of one post: the smallest component.

import { graphql } from 'relay-runtime';

export const card = graphql`
  fragment PostCard_post on Post {
    id
    title
    publishedAt
    reactions {
      label
    }
    author {
      name
    }
  }
`;
