/** Goal: what pgbench repeats is what the server was given for one deposit, no more and no less. Method: a log as the server writes it. */
import assert from 'node:assert/strict';
import { ofDeposit, pgbenchScript, readLog } from './statements.ts';

const PAY = 'pay_abcdefghijklmnopqrstuv';
const LOG = `@@7 LOG:  execute one_start_deposit: select outcome, version from start_deposit(cast($1 as jsonb))
@@7 DETAIL:  Parameters: $1 = '{"id": "${PAY}", "player_id": "player-0000012", "name": "it''s"}'
@@8 LOG:  execute <unnamed>: select 1 from agenda where due < $1
@@8 DETAIL:  Parameters: $1 = '5'
@@9 LOG:  statement: BEGIN;
@@9 LOG:  execute <unnamed>: insert into webhook_delivery (ids)
\tvalues ($1)
@@9 DETAIL:  Parameters: $1 = '${PAY}'
@@9 LOG:  statement: COMMIT;
@@7 LOG:  statement: BEGIN;
@@7 LOG:  execute <unnamed>: update payment
\tset status = $1, note = $2 where id = $3
@@7 DETAIL:  Parameters: $1 = 'a:b', $2 = NULL, $3 = '${PAY}'
@@7 LOG:  statement: COMMIT;
@@8 LOG:  execute one_commit_deposit: select outcome, version from commit_deposit(cast($1 as jsonb))
@@8 DETAIL:  Parameters: $1 = '{"version": "771", "attempt_version": "771", "id": "${PAY}"}'
`;

describe('the statements of a deposit', () => {
  const all = readLog(LOG);
  const own = ofDeposit(all, [PAY]);

  it('are read with their parameters, over several lines, with quotes and without values', () => {
    assert.equal(all.length, 9);
    assert.deepEqual(all[0]?.parameters, [`{"id": "${PAY}", "player_id": "player-0000012", "name": "it's"}`]);
    const update = all.find(({ text }) => text.startsWith('update'));
    assert.deepEqual(update, {
      backend: '7',
      text: 'update payment\nset status = $1, note = $2 where id = $3',
      parameters: ['a:b', null, PAY],
    });
  });

  it('are those that name it, with their transactions, without the work beside it', () => {
    assert.deepEqual(
      own.map(({ text }) => text.split(/[ ;]/, 1)[0]),
      ['select', 'BEGIN', 'update', 'COMMIT', 'select'],
    );
  });

  it('become a script with fresh ids and players, in which a version is handed on', () => {
    const { text, variables, statements } = pgbenchScript(own, 10);
    assert.equal(statements, 5);
    assert.deepEqual(text.trimEnd().split('\n').slice(1), [
      '\\set player random(1000000, 1000009)',
      `select outcome, version from start_deposit(cast(replace(replace(:s0p1, '##', :n), '%%', :player) as jsonb)) \\gset`,
      'BEGIN;',
      `update payment set status = :s2p1, note = null where id = replace(:s2p3, '##', :n);`,
      'COMMIT;',
      `select outcome, version from commit_deposit(cast(replace(replace(:s4p1, '@@', :version), '##', :n) as jsonb)) \\gset`,
    ]);
    assert.equal(variables['s0p1'], `{"id": "pay_abc##", "player_id": "player-%%", "name": "it's"}`);
    assert.equal(variables['s4p1'], `{"version": "@@", "attempt_version": "@@", "id": "pay_abc##"}`);
    assert.equal(variables['s2p1'], 'a:b');
  });
});
