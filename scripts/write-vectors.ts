/** `npm run vectors`: writes the signature vectors anew. The same files come out on every machine. */
import { writeFileSync } from 'node:fs';
import { SCHEMES, vectorPath } from '../contracts/index.ts';
import { vectorText } from './vectors/files.ts';

for (const scheme of SCHEMES) writeFileSync(vectorPath(scheme), vectorText(scheme));
