/** Writes docs/FAULTS.md from the faults that the simulator has. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../kernel/index.ts';
import { faultCatalogue } from '../psp-simulator/index.ts';

writeFileSync(join(projectRoot(), 'docs', 'FAULTS.md'), faultCatalogue());
