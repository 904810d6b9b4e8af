/**
 * The statements of one deposit, as the server was given them: read from its log while the
 * service does one deposit, and written down as a script for pgbench. So what pgbench repeats is
 * what the service does, and stays so when the service changes.
 *
 * Ids become variables: those that were made for this deposit become fresh ones each time, the
 * player one of many. A row version that a statement gave to a later one is handed on the same way.
 */

export interface Recorded {
  /** Of the backend: a transaction's statements are those between its BEGIN and COMMIT. */
  backend: string;
  text: string;
  parameters: (string | null)[];
}

/** All statements in a log whose lines begin with `@@<pid> `. */
export function readLog(log: string): Recorded[] {
  const recorded: Recorded[] = [];
  for (const entry of log.split(/^@@/m)) {
    const [, backend = '', kind = '', rest = ''] =
      /^(\d+) (?:LOG: {2}(statement|execute [^:]*): |DETAIL: {2}([Pp]arameters: ))/.exec(entry) ?? [];
    if (backend === '') continue;
    const body = entry
      .slice(entry.indexOf(': ', entry.indexOf(':') + 1) + 2)
      .replaceAll('\n\t', '\n')
      .trimEnd();
    if (kind !== '') recorded.push({ backend, text: body, parameters: [] });
    else if (rest !== '') {
      const last = recorded.findLast((one) => one.backend === backend);
      if (last !== undefined) last.parameters = readParameters(body);
    }
  }
  return recorded;
}

/** `$1 = 'it''s', $2 = NULL` */
function readParameters(text: string): (string | null)[] {
  const values: (string | null)[] = [];
  for (const [, quoted] of text.matchAll(/\$\d+ = (?:NULL|'((?:[^']|'')*)')/g))
    values.push(quoted === undefined ? null : quoted.replaceAll("''", "'"));
  return values;
}

/** Written a moment later for many events at once: work beside deposits, not of them. */
const BESIDE = /\binsert into webhook_delivery\b/i;

const isControl = ({ text }: Recorded): boolean => /^(begin|commit|rollback)\b/i.test(text);

/** The statements that belong to one deposit, in order, with the transactions around them. */
export function ofDeposit(all: readonly Recorded[], ids: readonly string[]): Recorded[] {
  const isIts = ({ parameters }: Recorded): boolean =>
    parameters.some((value) => value !== null && ids.some((id) => value.includes(id)));
  const kept = new Set<Recorded>();
  const open = new Map<string, Recorded[]>();
  for (const one of all) {
    const block = open.get(one.backend);
    if (/^begin/i.test(one.text)) open.set(one.backend, [one]);
    else if (block === undefined) {
      if (isIts(one)) kept.add(one);
    } else {
      block.push(one);
      if (!isControl(one)) continue;
      open.delete(one.backend);
      if (block.some(isIts) && !block.some(({ text }) => BESIDE.test(text))) for (const each of block) kept.add(each);
    }
  }
  return all.filter((one) => kept.has(one));
}

/** Ids of the service and of the driver: a prefix and 22 characters. */
const ID = /\b(?:[a-z]+)_[0-9A-Za-z]{22}\b/g;

/** Digits of `:n` in the script; what is left of an id's 22 characters stays. */
const FRESH = { low: '1000000000000000000', high: '8999999999999999999', digits: 19 };

/** In the JSON of a change: the version of a row that it was decided on. */
const VERSION = /("(?:attempt_)?version": ?")\d+"/g;

const PLAYER = /\bplayer-\d{7}\b/g;

export interface Script {
  text: string;
  /** Values of the variables that hold templates. */
  variables: Record<string, string>;
  statements: number;
}

/** A statement that gives a `version` hands it on to the next ones that name one. */
export function pgbenchScript(recorded: readonly Recorded[], players: number): Script {
  const variables: Record<string, string> = {};
  const lines = [
    `\\set n random(${FRESH.low}, ${FRESH.high})`,
    `\\set player random(${1_000_000}, ${1_000_000 + players - 1})`,
  ];
  for (const [index, { text, parameters }] of recorded.entries()) {
    const given = text.replaceAll(/\$(\d+)/g, (_, place: string) => {
      const value = parameters[Number(place) - 1];
      if (value === null || value === undefined) return 'null';
      const name = `s${index}p${place}`;
      const template = withoutIds(value);
      let expression = `:${name}`;
      variables[name] = template;
      if (template.search(VERSION) >= 0) {
        variables[name] = template.replaceAll(VERSION, '$1@@"');
        expression = `replace(${expression}, '@@', :version)`;
      }
      if (template.includes('##')) expression = `replace(${expression}, '##', :n)`;
      if (template.includes('%%')) expression = `replace(${expression}, '%%', :player)`;
      return expression === `:${name}` && !template.includes('{') ? literal(variables, name) : expression;
    });
    const gives = /^select (?:\w+, )*version\b/.test(text);
    lines.push(`${given.replaceAll('\n', ' ').replace(/;$/, '')}${gives ? ' \\gset' : ';'}`);
  }
  return { text: `${lines.join('\n')}\n`, variables, statements: recorded.length };
}

/** A short constant needs no variable, of which pgbench takes 255 in a statement. */
function literal(variables: Record<string, string>, name: string): string {
  const value = variables[name] ?? '';
  if (/:[A-Za-z_]/.test(value)) return `:${name}`;
  delete variables[name];
  return `'${value.replaceAll("'", "''")}'`;
}

function withoutIds(value: string): string {
  return value.replaceAll(ID, (id) => `${id.slice(0, id.length - FRESH.digits)}##`).replaceAll(PLAYER, 'player-%%');
}
