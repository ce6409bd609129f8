// Documents whose characters would not survive in a text file, or could not be seen there.

export const bytes = [
  { verdict: 'ok', name: 'a byte order mark before the document', document: '\uFEFF{ __typename }' },
  { verdict: 'ok', name: 'a byte order mark within the document', document: '{ __typename \uFEFF}' },
  { verdict: 'ok', name: 'tabs, and lines that end with a carriage return', document: '{\r\t__typename\r\n}\r' },
  { verdict: 'ok', name: 'a comment that a carriage return ends', document: '{ # comment\r__typename }' },
  { verdict: 'ok', name: 'a tab in a text', document: '{ search(query: "a\tb", first: 1) { totalCount } }' },
  { verdict: 'ok', name: 'lines that end in three ways in a block text', document: '{ search(query: """a\rb\nc\r\nd""", first: 1) { totalCount } }' },
  { verdict: 'ok', name: 'a line separator of Unicode in a text', document: '{ search(query: "a\u2028b", first: 1) { totalCount } }' },
  { verdict: 'ok', name: 'a character beyond the basic plane in a comment', document: '{ __typename } # \u{1F3C3}' },
  { verdict: 'syntax', name: 'a space that does not break', document: '{\u00A0__typename }' },
  { verdict: 'syntax', name: 'a vertical tab', document: '{\u000B__typename }' },
  { verdict: 'syntax', name: 'a form feed', document: '{\f__typename }' },
  { verdict: 'syntax', name: 'a line separator of Unicode between names', document: '{ __typename\u2028}' },
  { verdict: 'syntax', name: 'a carriage return in a text', document: '{ alliance(slug: "a\rb") { name } }' },
  { verdict: 'syntax', name: 'a NUL between names', document: '{ __typename \u0000 }' },
  { verdict: 'syntax', name: 'an escape at the very end', document: '{ alliance(slug: "\\' },
  { verdict: 'syntax', name: 'a text at the very end', document: '{ alliance(slug: "' },
];
