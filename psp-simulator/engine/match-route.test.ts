import assert from 'node:assert/strict';
import type { Route } from '../dialects/dialect.ts';
import { createRouteMatcher } from './match-route.ts';

function route(method: Route['method'], path: string): Route {
  return {
    method,
    path,
    operation: 'get-payment',
    handle: () => ({ status: 200, headers: {}, body: '' }),
    referenceOf: () => null,
  };
}

describe('createRouteMatcher', () => {
  const match = createRouteMatcher([
    route('GET', '/payments/search'),
    route('GET', '/payments/{id}'),
    route('POST', '/payments/{id}/capture'),
  ]);

  it('takes the first route that fits and names the parameters', () => {
    assert.equal(match('GET', '/payments/search')?.route.path, '/payments/search');
    assert.deepEqual(match('GET', '/payments/p1')?.params, { id: 'p1' });
    assert.deepEqual(match('POST', '/payments/p1/capture')?.params, { id: 'p1' });
  });

  it('finds nothing for another method, another length or an empty parameter', () => {
    for (const [method, path] of [
      ['POST', '/payments/p1'],
      ['GET', '/payments'],
      ['GET', '/payments/'],
      ['GET', '/payments/p1/capture'],
    ] as const) {
      assert.equal(match(method, path), undefined, `${method} ${path}`);
    }
  });
});
