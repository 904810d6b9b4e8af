import assert from 'node:assert/strict';
import { pspIdentity } from './psp-identity.ts';

describe('PSP identity', () => {
  it('is unproven until the id is known, whatever is stated', () => {
    assert.equal(pspIdentity(null, null), 'unproven');
    assert.equal(pspIdentity(null, 'psp_1'), 'unproven');
  });

  it('is ours for the known id and where no id is stated', () => {
    assert.equal(pspIdentity('psp_1', 'psp_1'), 'ours');
    assert.equal(pspIdentity('psp_1', null), 'ours');
  });

  it('is another for any other id', () => {
    assert.equal(pspIdentity('psp_1', 'psp_2'), 'other');
    assert.equal(pspIdentity('psp_1', 'PSP_1'), 'other');
  });
});
