/**
 * The TypeScript types of every OpenAPI document: computed here, written by `generate.ts`,
 * compared with what is checked in by `test/generated-types.test.ts`.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import { projectRoot } from '../kernel/index.ts';

export interface GeneratedTypes {
  /** Absolute path below `openapi/generated/`. */
  path: string;
  text: string;
}

/** One entry per `openapi/*.yaml`, in order of the names. */
export async function generatedTypes(): Promise<GeneratedTypes[]> {
  const folder = join(projectRoot(), 'openapi');
  const documents = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const results: GeneratedTypes[] = [];
  for (const name of documents.sort()) {
    const tree = await openapiTS(pathToFileURL(join(folder, name)), {
      rootTypes: true,
      rootTypesNoSchemaPrefix: true,
      silent: true,
    });
    results.push({
      path: join(folder, 'generated', name.replace(/\.yaml$/, '.ts')),
      text: COMMENT_HEADER + astToString(tree),
    });
  }
  return results;
}

/** Generated files whose document is gone. */
export function orphans(expected: readonly GeneratedTypes[]): string[] {
  const folder = join(projectRoot(), 'openapi', 'generated');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => !expected.some((file) => file.path === path));
}
