/** Door of the dossier: sealing, verifying and showing what `assay certify` found. */
export { checkDossier, fileHash, readDossier, type CheckOptions, type DossierCheck } from './check-dossier.ts';
export { dossierHtml } from './dossier-html.ts';
export {
  DOSSIER_SCHEMA_VERSION,
  sealDossier,
  type Dossier,
  type DossierPart,
  type DossierRun,
  type OpenQuestion,
  type UnsealedDossier,
  type UnsealedPart,
} from './dossier.ts';
