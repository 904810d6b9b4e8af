/**
 * Who may import whom: the import rules of the house (docs/ARCHITECTURE.md), one entry per rule,
 * in their order. Rule 6 (time, chance, timers, settings) is a matter of calls, not of imports:
 * `eslint.config.js` holds it. `test/boundaries.test.ts` breaks each rule on purpose.
 */
const TOP = 'kernel|psp-simulator|reference-service|scenarios|contracts|load|cli';
const TESTS = '(\\.test\\.ts$|/test/)';
const PAYMENT_SDKS = 'node_modules/(stripe|@adyen)/';

/** Every rule is an error: a rule that only warns is not kept. */
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    rule(
      'door',
      'A top folder is entered through its index.ts only.',
      { path: `^(${TOP}|test|scripts)/`, pathNot: '^load/journeys/' },
      { path: `^(${TOP})/`, pathNot: ['^$1/', '^[^/]+/index\\.ts$'] },
    ),
    rule(
      '1-products-apart',
      'The simulator and the service share no code, so that one mistake cannot cancel itself.',
      { path: '^psp-simulator/' },
      { path: '^(?!psp-simulator/|kernel/|openapi/generated/|node_modules/)', dependencyTypesNot: ['core'] },
    ),
    rule(
      '1-service-apart',
      'The simulator and the service share no code, so that one mistake cannot cancel itself.',
      { path: '^reference-service/' },
      { path: '^(?!reference-service/|kernel/|openapi/generated/|node_modules/)', dependencyTypesNot: ['core'] },
    ),
    rule(
      '1-simulator-without-sdk',
      'The simulator writes signing and wire formats itself; only its tests use the official SDKs, as clients.',
      { path: '^psp-simulator/', pathNot: TESTS },
      { path: PAYMENT_SDKS },
    ),
    rule(
      '2-kernel-knows-no-payments',
      'The kernel imports nothing of the house and no payment library.',
      { path: '^kernel/' },
      { path: `^(?!kernel/|node_modules/)|${PAYMENT_SDKS}`, dependencyTypesNot: ['core'] },
    ),
    rule(
      '3-products-only-in-drivers',
      'Scenarios reach target and simulator over HTTP; only drivers place both on one clock.',
      { path: '^scenarios/', pathNot: ['^scenarios/(drivers|mutants)/', TESTS] },
      { path: '^(psp-simulator|reference-service)/' },
    ),
    rule(
      '3-mutants-swap-service-parts',
      'Mutants swap parts of the service; they know nothing of the simulator.',
      { path: '^scenarios/mutants/' },
      { path: '^psp-simulator/' },
    ),
    rule(
      '3-load-speaks-http',
      'Load speaks HTTP only; what it starts, it starts through the door of scenarios.',
      { path: '^load/' },
      { path: '^(psp-simulator|reference-service|contracts|cli)/' },
    ),
    rule(
      '3-k6-is-not-node',
      'k6 knows neither packages nor doors: journeys import pure files only, among them the templates of target files.',
      { path: '^load/(journeys|lib/k6)/' },
      { path: '^(?!load/(journeys|lib/k6)/|scenarios/targets/foreign/(fill|pick)\\.ts$|node_modules/)' },
    ),
    rule(
      '3-verify-ships-to-partners',
      'The partner command must run without either product.',
      { path: '^contracts/verify/' },
      { path: '^(psp-simulator|reference-service|scenarios|load|cli)/' },
    ),
    rule(
      '4-domain-is-pure',
      'The domain imports its own folder and types of the kernel, nothing else.',
      { path: '^reference-service/domain/', pathNot: TESTS },
      { pathNot: '^(reference-service/domain/|kernel/index\\.ts$)' },
    ),
    rule(
      '4-core-is-pure',
      'The core imports its own folder and types of the kernel, nothing else.',
      { path: '^psp-simulator/core/', pathNot: TESTS },
      { pathNot: '^(psp-simulator/core/|kernel/index\\.ts$)' },
    ),
    rule(
      '4-kernel-types-only',
      'Domain and core take types of the kernel; clocks and ids reach them as values.',
      { path: '^(reference-service/domain|psp-simulator/core)/', pathNot: TESTS },
      { path: '^kernel/', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      '4-application-knows-ports',
      'The application imports domain and ports, never an adapter.',
      { path: '^reference-service/application/', pathNot: TESTS },
      { path: '^reference-service/', pathNot: '^reference-service/(application|domain|ports)/' },
    ),
    rule(
      '4-ports-are-contracts',
      'A port speaks in words of the domain.',
      { path: '^reference-service/ports/', pathNot: TESTS },
      { path: '^reference-service/', pathNot: '^reference-service/(ports|domain)/' },
    ),
    rule(
      '4-adapters-implement-ports',
      'An adapter implements ports; it starts no business of its own.',
      { path: '^reference-service/adapters/', pathNot: TESTS },
      { path: '^reference-service/', pathNot: '^reference-service/(adapters|ports|domain)/' },
    ),
    rule(
      '4-only-app-composes',
      'Only app.ts brings adapters together with the rest (index.ts re-exports).',
      { path: '^reference-service/', pathNot: ['^reference-service/(adapters/|app\\.ts$|index\\.ts$)', TESTS] },
      { path: '^reference-service/adapters/' },
    ),
    rule(
      '5-dialects-apart',
      'A dialect never imports another.',
      { path: '^psp-simulator/dialects/([^/]+)/' },
      { path: '^psp-simulator/dialects/[^/]+/', pathNot: '^psp-simulator/dialects/$1/' },
    ),
    rule(
      '5-faults-are-neutral',
      'Faults act on the neutral exchange; they know no dialect.',
      { path: '^psp-simulator/faults/', pathNot: TESTS },
      { path: '^psp-simulator/dialects/' },
    ),
    rule(
      'no-cycles',
      'Two files that need each other are one file, or three.',
      {},
      {
        circular: true,
        viaOnly: { dependencyTypesNot: ['type-only'] },
      },
    ),
    rule('resolvable', 'An import must exist.', {}, { couldNotResolve: true }),
    rule(
      'declared',
      'A package that runs in production is a dependency, not found by luck.',
      { path: `^(${TOP})/`, pathNot: [TESTS, '^contracts/(consumer|provider)/', '^load/journeys/'] },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|runs|coverage)/|/fixtures/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
