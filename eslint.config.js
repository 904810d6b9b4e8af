/**
 * Lint holds what a type checker cannot: no forgotten promise, and import rule 6 of the house:
 * time, chance, timers and the network come from the kernel's ports, settings from `config.ts`.
 * A run is repeatable only as long as nobody goes around them, so each ban names its way out.
 * Who may import whom is held by `.dependency-cruiser.cjs`.
 */
import tseslint from 'typescript-eslint';

const TIME = 'Time comes from the Clock port (kernel): take a Clock and use now(), sleep() or schedule().';
const CHANCE = 'Chance comes from the Random port (kernel), keyed by seed, label and entity.';
const IDS = 'Identifiers come from the Ids port (kernel).';
const NETWORK = 'HTTP goes through the Network port (kernel), so that it works in memory and under faults.';
const SETTINGS = 'Settings are read in config.ts and handed on as values.';

const timerNames = ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'];
const timerModules = ['timers', 'node:timers', 'timers/promises', 'node:timers/promises'];
const cryptoModules = ['crypto', 'node:crypto'];

/** `globalThis.setTimeout` and `global.fetch` are the same call under another name. */
const throughGlobalObject = (name, message) =>
  ['globalThis', 'global'].map((object) => ({ object, property: name, message }));

const timeAndChance = {
  globals: [...timerNames.map((name) => ({ name, message: TIME })), { name: 'performance', message: TIME }],
  properties: [
    { object: 'Date', property: 'now', message: TIME },
    { object: 'process', property: 'hrtime', message: TIME },
    { object: 'process', property: 'uptime', message: TIME },
    { object: 'AbortSignal', property: 'timeout', message: TIME },
    { object: 'Math', property: 'random', message: CHANCE },
    ...timerNames.flatMap((name) => throughGlobalObject(name, TIME)),
    ...['randomUUID', 'getRandomValues', 'randomBytes', 'randomInt'].map((property) => ({
      object: 'crypto',
      property,
      message: IDS,
    })),
  ],
  syntax: [
    { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: TIME },
    { selector: "CallExpression[callee.name='Date']", message: TIME },
  ],
  imports: [
    ...timerModules.map((name) => ({ name, message: TIME })),
    { name: 'node:perf_hooks', message: TIME },
    { name: 'perf_hooks', message: TIME },
    ...cryptoModules.map((name) => ({
      name,
      importNames: ['randomUUID', 'randomBytes', 'randomInt', 'getRandomValues', 'webcrypto'],
      message: IDS,
    })),
  ],
};

const network = {
  globals: [{ name: 'fetch', message: NETWORK }],
  properties: throughGlobalObject('fetch', NETWORK),
};
const settings = { properties: [{ object: 'process', property: 'env', message: SETTINGS }] };

/**
 * The rules that hold the given groups of bans. ESLint merges no options, so each set of files
 * states all of its own; `off` rather than an empty list, which would keep the options before it.
 */
const bans = (...groups) => {
  const rule = (kind, wrap = (list) => list) => {
    const list = groups.flatMap((group) => group[kind] ?? []);
    return list.length === 0 ? 'off' : ['error', ...wrap(list)];
  };
  return {
    'no-restricted-globals': rule('globals'),
    'no-restricted-properties': rule('properties'),
    'no-restricted-syntax': rule('syntax'),
    'no-restricted-imports': rule('imports', (paths) => [{ paths }]),
  };
};

const tests = [
  '**/*.test.ts',
  '**/test/**/*.ts',
  'test/**/*.ts',
  'contracts/consumer/**/*.ts',
  'contracts/provider/**/*.ts',
  'openapi/conformance/**/*.ts',
];
const sources = ['**/*.ts'];

export default tseslint.config(
  { ignores: ['dist/', 'runs/', 'coverage/', '.assay/', 'openapi/generated/', '**/fixtures/**'] },
  {
    files: sources,
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false, attributes: false } },
      ],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-expressions': 'error',
      'no-console': 'error',
      'no-debugger': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      ...bans(timeAndChance, network, settings),
    },
  },
  { files: ['kernel/**/*.ts'], rules: bans(settings) },
  { files: ['**/config.ts', 'cli/**/*.ts'], rules: bans(timeAndChance, network) },
  // Tests, scripts and the k6 journeys stand outside a run; but a test that waits by the clock is never right.
  {
    files: tests,
    rules: {
      ...bans(timeAndChance),
      '@typescript-eslint/no-non-null-assertion': 'off',
      // A list of cases reads well at a length at which code no longer does.
      'max-lines': ['error', { max: 600, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ['kernel/**/*.test.ts', 'kernel/**/test/**/*.ts'], rules: bans() },
  { files: ['scripts/**/*.ts'], rules: bans() },
  // k6 has its own runtime: no Node, no kernel, no promises.
  { files: ['load/journeys/**/*.ts'], rules: bans() },
);
