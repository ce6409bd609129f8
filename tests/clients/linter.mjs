// Lints a schema with graphql-eslint: its recommended rules for schemas, and Relay's.

import graphqlEslint from '@graphql-eslint/eslint-plugin';
import { ESLint } from 'eslint';

import { file } from './tools.mjs';

const { configs, parser } = graphqlEslint;

/** What the rules say against a schema: `{ rule, type, line, message }`. Some rules can be set otherwise. */
export async function faults(schema, { rules = {} } = {}) {
  const eslint = new ESLint({
    cwd: file('.'),
    overrideConfigFile: true,
    overrideConfig: {
      files: ['**/*.graphql'],
      languageOptions: { parser, parserOptions: { graphQLConfig: { schema } } },
      plugins: { '@graphql-eslint': graphqlEslint },
      rules: { ...configs['flat/schema-recommended'].rules, ...configs['flat/schema-relay'].rules, ...rules },
    },
  });
  const [result] = await eslint.lintText(schema, { filePath: file('schema.graphql') });
  return result.messages.map(({ ruleId, line, message }) => ({ rule: ruleId, type: typeAt(schema, line), line, message }));
}

/** The definition that a line stands in. */
function typeAt(schema, line) {
  const above = schema.split('\n').slice(0, line).reverse();
  return above.map((text) => /^(?:type|interface|input|enum|union|scalar|directive) @?(\w+)/u.exec(text)?.[1]).find(Boolean);
}
