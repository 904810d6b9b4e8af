/**
 * The frame of every page that Assay writes: one file, styles and scripts inlined from `page/`,
 * and a content security policy that lets nothing be loaded from anywhere.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../kernel/index.ts';
import { escapeXml as esc } from './escape.ts';

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

export interface HtmlPage {
  /** Text, not markup. */
  title: string;
  /** Names of files in `page/`. */
  styles: readonly string[];
  scripts: readonly string[];
  /** Markup of the line on top, and of the page itself. */
  top: string;
  main: string;
  /** Where "Skip to" leads: id and words. */
  skip?: readonly [id: string, words: string];
}

export function htmlPage({ title, styles, scripts, top, main, skip }: HtmlPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${esc(title)}</title>
<style>${styles.map(pageFile).join('\n')}</style>
</head>
<body>
${skip === undefined ? '' : `<a class="skip" href="#${skip[0]}">Skip to ${skip[1]}</a>\n`}<div class="top">${top}<span class="grow"></span><button type="button" id="theme" hidden>Dark</button></div>
<main>
${main}
</main>
<script>(() => {
'use strict';
${scripts.map(pageFile).join('\n')}
})();</script>
</body>
</html>
`;
}

function pageFile(name: string): string {
  return readFileSync(join(projectRoot(), 'scenarios/reports/page', name), 'utf8').trim();
}
