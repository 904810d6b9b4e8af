/**
 * The door of the configuration: what is read from the environment, and what of a configuration
 * is checked again when a service is made from values. Nothing else reads settings.
 */
export { readConfig, readSecrets, type ProcessConfig } from './config.ts';
export { readPolicy, type PolicyDocument } from './policy.ts';
export { readReconciliation, type ReconciliationDocument } from './reconciliation.ts';
export { secretsOf, secretsOfEnvironment } from './secrets.ts';
