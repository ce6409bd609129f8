// What can be wrong with a request: one request for each case, for both sets of status codes.

import { get, GRAPHQL, JSON_TYPE, post } from './server.mjs';

const NAME = 'query Name($slug: String!) { alliance(slug: $slug) { name } }';

/** Requests that never become a GraphQL request: their body or parameters are wrong. */
export const malformed = {
  'JSON that cannot be parsed': (to) => post('{ "query": "{ __typename', to),
  'an empty body': (to) => post('', to),
};

/** Requests whose JSON is fine, but which are no GraphQL request. */
export const notWellFormed = {
  'a missing query': (to) => post({ variables: {} }, to),
  'a misspelt query': (to) => post({ qeury: '{ __typename }' }, to),
  'a query that is null': (to) => post({ query: null }, to),
  'a query that is no text': (to) => post({ query: { text: '{ __typename }' } }, to),
  'variables that are a list': (to) => post({ query: '{ __typename }', variables: [7] }, to),
  'variables that are a text': (to) => post({ query: '{ __typename }', variables: '{}' }, to),
  'an operation name that is a number': (to) => post({ query: '{ __typename }', operationName: 1 }, to),
  'extensions that are a truth': (to) => post({ query: '{ __typename }', extensions: true }, to),
  'a body that is a text': (to) => post('"{ __typename }"', to),
  'a batch': (to) => post([{ query: '{ __typename }' }], to),
  'GET without a query': (to) => get({ variables: {} }, to),
  'GET with variables that are a list': (to) => get({ query: '{ __typename }', variables: [7] }, to),
};

/** Requests whose document cannot be parsed. */
export const unparsed = {
  'an open brace': (to) => post({ query: '{' }, to),
  'an empty document': (to) => post({ query: '' }, to),
  'an open brace by GET': (to) => get({ query: '{' }, to),
};

/** Requests whose document is not valid. */
export const invalid = {
  'an unknown field': (to) => post({ query: '{ nonsense }' }, to),
  'a missing argument': (to) => post({ query: '{ alliance { name } }' }, to),
  'a variable that is not declared': (to) => post({ query: '{ alliance(slug: $slug) { name } }' }, to),
  'an unknown field by GET': (to) => get({ query: '{ nonsense }' }, to),
};

/** Requests whose operation cannot be determined. */
export const undetermined = {
  'an operation that is not there': (to) => post({ query: 'query A { __typename }', operationName: 'B' }, to),
  'two operations and no name': (to) => post({ query: 'query A { __typename } query B { __typename }' }, to),
};

/** Requests whose variables cannot be coerced. */
export const uncoerced = {
  'a missing variable': (to) => post({ query: NAME }, to),
  'a variable that is null': (to) => post({ query: NAME, variables: { slug: null } }, to),
  'a variable of another type': (to) => post({ query: NAME, variables: { slug: 7 } }, to),
  'a variable of another type by GET': (to) => get({ query: NAME, variables: { slug: 7 } }, to),
};

/** Requests that are executed and meet an error on the way: no id and no cursor looks like this. */
export const partial = {
  'an error beside a value': (to) => post({ query: '{ node(id: "nonsense") { id } alliance(slug: "nottingham-citizens") { name } }' }, to),
  'an error that takes all of data': (to) => post({ query: '{ __typename alliances(first: 1, after: "nonsense") { nodes { id } } }' }, to),
};

/** Requests without any fault. */
export const fine = {
  'a query': (to) => post({ query: '{ alliance(slug: "nottingham-citizens") { institutionCount } }' }, to),
  'a query by GET': (to) => get({ query: NAME, variables: { slug: 'nottingham-citizens' }, operationName: 'Name' }, to),
  'an object that is not there': (to) => post({ query: '{ alliance(slug: "nowhere") { name } }' }, to),
};

/** Requests that HTTP itself refuses: each with its status, under every set of codes. */
export const transport = {
  'a mutation by GET': [405, (to) => get({ query: 'mutation { __typename }' }, to)],
  'a mutation by GET, beside a query': [
    405, (to) => get({ query: 'query A { __typename } mutation B { __typename }', operationName: 'B' }, to),
  ],
  'PUT': [405, (to) => fetch(to.url, { method: 'PUT', headers: { 'content-type': JSON_TYPE }, body: '{"query":"{ __typename }"}' })],
  'DELETE': [405, (to) => fetch(to.url, { method: 'DELETE' })],
  'PATCH': [405, (to) => fetch(to.url, { method: 'PATCH', headers: { 'content-type': JSON_TYPE }, body: '{"query":"{ __typename }"}' })],
  'a form': [415, (to) => post('query=%7B__typename%7D', { ...to, headers: { 'content-type': 'application/x-www-form-urlencoded' } })],
  'plain text': [415, (to) => post('{"query":"{ __typename }"}', { ...to, headers: { 'content-type': 'text/plain' } })],
  'a form of several parts': [415, (to) => post('--x--', { ...to, headers: { 'content-type': 'multipart/form-data; boundary=x' } })],
  'JSON in another alphabet': [415, (to) => post('{"query":"{ __typename }"}', { ...to, headers: { 'content-type': 'application/json; charset=utf-16' } })],
  'an answer in XML alone': [406, (to) => post({ query: '{ __typename }' }, { ...to, accept: 'application/xml' })],
  'an answer whose weight is zero': [406, (to) => post({ query: '{ __typename }' }, { ...to, accept: `${JSON_TYPE};q=0, ${GRAPHQL};q=0` })],
  'a body over the limit': [413, (to) => post({ query: '{ __typename }', extensions: { filler: 'x'.repeat(70_000) } }, to)],
};
