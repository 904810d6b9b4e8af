/** Writes `openapi/generated/` from the OpenAPI documents; run it after every change to one. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { generatedTypes, orphans } from './generated-types.ts';

const files = await generatedTypes();
for (const { path, text } of files) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
for (const path of orphans(files)) rmSync(path);
