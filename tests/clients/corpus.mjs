// Reads the corpus: documents with the verdict that graphql-js must reach on each.
//
// A file of corpus/ holds entries such as
//
//   #### FieldsOnCorrectType | a field that the root does not have
//   { nonsense }
//   #: operation Name
//   #: variables {"slug": "a"}
//
// The word before the bar is `ok`, or what refuses the document: `syntax`, a rule of validation, `operation` where none can be
// chosen, `variables` where a value does not fit.

import { readFileSync, readdirSync } from 'node:fs';

import { bytes } from './corpus/bytes.mjs';

const folder = new URL('./corpus/', import.meta.url);

/** Every entry: `{ file, verdict, name, document, variables, operation }`. */
export function corpus() {
  const files = readdirSync(folder).filter((file) => file.endsWith('.graphql'));
  const written = files.flatMap((file) => entries(readFileSync(new URL(file, folder), 'utf8'), file));
  return [...written, ...bytes.map((entry) => ({ file: 'bytes.mjs', ...entry }))];
}

function entries(text, file) {
  const [before, ...parts] = text.split(/^#### /mu);
  if (before.trim() !== '') throw new Error(`${file} does not begin with an entry`);
  return parts.map((part) => entry(part, file));
}

function entry(part, file) {
  const [head, ...lines] = part.split('\n');
  const [verdict, name] = head.split(' | ');
  if (!name) throw new Error(`${file}: an entry has no name: ${head}`);
  const document = lines.filter((line) => !line.startsWith('#: ')).join('\n').trim();
  const notes = Object.fromEntries(lines.filter((line) => line.startsWith('#: ')).map(note));
  return { file, verdict, name, document, operation: notes.operation, variables: notes.variables && JSON.parse(notes.variables) };
}

function note(line) {
  const [, key, value] = /^#: (\w+) (.+)$/u.exec(line);
  return [key, value];
}
