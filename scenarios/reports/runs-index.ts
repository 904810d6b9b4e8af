/**
 * One page over many runs: reads the verdicts under a folder of runs and writes `index.html` and
 * `verdict.md` there. Each scenario and driver is told by its latest run; all runs are listed
 * below. Reads verdict.json files only, so that a thousand runs take a moment.
 */
import { existsSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { IndexedRun, RunsIndex } from './indexed-run.ts';
import { indexHtml } from './index-html.ts';
import { indexMarkdown } from './index-markdown.ts';
import type { VerdictJson } from './verdict-json.ts';

/** Folders deeper than this below the given one are not looked at. */
const DEPTH = 4;

/** Reads the verdicts below a folder; one that cannot be read counts as unfinished. */
export function readRunsIndex(dir: string): RunsIndex {
  const runs: IndexedRun[] = [];
  const unfinished: string[] = [];
  for (const { path, name } of runDirectories(dir, DEPTH)) {
    const verdict = readVerdict(join(path, 'verdict.json'));
    const short = relative(dir, path).replaceAll('\\', '/');
    if (verdict === undefined) unfinished.push(short);
    else runs.push({ path: short, name, verdict });
  }
  runs.sort((a, b) => whenOf(b).localeCompare(whenOf(a)) || a.path.localeCompare(b.path));
  const latest = new Map<string, IndexedRun>();
  for (const run of runs) {
    const key = `${run.verdict.scenario} ${run.verdict.driver}`;
    if (!latest.has(key)) latest.set(key, run);
  }
  const rank = { fail: 0, unknown: 1, pass: 2 } as const;
  return {
    runs,
    latest: [...latest.values()].sort(
      (a, b) =>
        rank[a.verdict.verdict] - rank[b.verdict.verdict] || a.verdict.scenario.localeCompare(b.verdict.scenario),
    ),
    unfinished: unfinished.sort(),
  };
}

/** Writes `index.html` and `verdict.md` into the folder and returns what they tell; undefined when there is no run. */
export function writeRunsIndex(dir: string): (RunsIndex & { html: string; markdown: string }) | undefined {
  const index = readRunsIndex(dir);
  if (index.runs.length === 0) return undefined;
  const paths = { html: join(dir, 'index.html'), markdown: join(dir, 'verdict.md') };
  replaceFile(paths.html, indexHtml(index));
  replaceFile(paths.markdown, indexMarkdown(index));
  return { ...index, ...paths };
}

/** Two commands may end at once: each reader sees a whole page. */
function replaceFile(path: string, text: string): void {
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, text);
  renameSync(fresh, path);
}

function* runDirectories(dir: string, depth: number): Generator<{ path: string; name: string }> {
  if (depth === 0 || !existsSync(dir)) return;
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    // The link `latest` would list a run twice.
    if (!entry.isDirectory()) continue;
    const path = join(dir, entry.name);
    if (existsSync(join(path, 'history.ndjson'))) yield { path, name: entry.name };
    else yield* runDirectories(path, depth - 1);
  }
}

function readVerdict(file: string): VerdictJson | undefined {
  try {
    const verdict = JSON.parse(readFileSync(file, 'utf8')) as VerdictJson;
    return Array.isArray(verdict.invariants) ? verdict : undefined;
  } catch {
    return undefined;
  }
}

/** When a run began: by its verdict, else by the name of its directory. */
function whenOf({ name, verdict }: IndexedRun): string {
  return verdict.startedAt?.replaceAll(/[:.]/g, '') ?? name;
}
