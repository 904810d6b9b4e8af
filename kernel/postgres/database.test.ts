/** Goal: an unreachable server is explained in one sentence, without the password. */
import assert from 'node:assert/strict';
import { UserError } from '../errors.ts';
import { checkDatabase, unreachableDatabase } from './database.ts';

const URL_WITH_SECRETS = 'postgres://bob:s3cret@db.example:6000/shop';

describe('an unreachable database', () => {
  it('is named with host, port, reason and next step, and never with its password', () => {
    const cases: [object, RegExp][] = [
      [{ code: 'ECONNREFUSED' }, /db\.example:6000 \(connection refused\)/],
      [{ code: 'ENOTFOUND' }, /host db\.example does not resolve/],
      [{ code: '28P01' }, /db\.example:6000 rejects the user bob/],
      [{ code: '3D000' }, /no database shop/],
      [new Error('timeout expired'), /db\.example:6000 cannot be used: timeout expired/],
    ];
    for (const [cause, expected] of cases) {
      const error = unreachableDatabase(URL_WITH_SECRETS, cause);
      assert.match(error.message, expected);
      assert.notEqual(error.advice, '');
      assert.ok(!`${error.message}${error.advice}`.includes('s3cret'));
    }
    assert.match(unreachableDatabase('postgres://localhost/x', { code: 'ECONNREFUSED' }).message, /localhost:5432/);
  });

  it('is told from an address that is none', async () => {
    for (const address of ['', 'not a url', 'mysql://localhost/x']) {
      await assert.rejects(
        checkDatabase(address),
        (error: unknown) => error instanceof UserError && /not a PostgreSQL URL/.test(error.message),
      );
    }
  });
});
