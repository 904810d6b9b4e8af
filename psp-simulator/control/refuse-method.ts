/**
 * A known path asked with a method that it does not have: 405 with `Allow`, before a route with a
 * parameter in its place takes the call for its own (`DELETE /v1/faults/dry-run`). OPTIONS says the same.
 */
import type { RequestHandler, Router } from 'express';
import { ControlProblem } from './problem.ts';

/** The part of Express's router that holds its routes. */
interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle: { readonly stack?: readonly Layer[] };
}

interface Known {
  readonly pattern: RegExp;
  readonly isFixed: boolean;
  readonly methods: readonly string[];
}

/** @param routers of the whole API and of one run: all runs have the same routes */
export function refuseMethod(routers: readonly Router[]): RequestHandler {
  const known = routers.flatMap((router) => routesIn(router.stack as unknown as Layer[]));
  return ({ method, path }, response, next) => {
    const places = [path, path.replace(/^\/runs\/[^/]+(\/v1)?(?=\/)/, '')];
    const here = known.filter(({ pattern }) => places.some((place) => pattern.test(place)));
    const fixed = here.filter(({ isFixed }) => isFixed);
    const allowed = new Set((fixed.length > 0 ? fixed : here).flatMap(({ methods }) => methods));
    if (allowed.size === 0 || (allowed.has(method) && method !== 'OPTIONS')) return next();
    const list = [...allowed].join(', ');
    response.setHeader('allow', list);
    if (method === 'OPTIONS') return void response.status(204).end();
    throw new ControlProblem('method_not_allowed', `This path takes ${list}, not ${method}`);
  };
}

function routesIn(layers: readonly Layer[]): Known[] {
  return layers.flatMap(({ route, handle }) => (route === undefined ? routesIn(handle.stack ?? []) : [knownOf(route)]));
}

function knownOf({ path, methods }: NonNullable<Layer['route']>): Known {
  const names = Object.keys(methods).map((method) => method.toUpperCase());
  return {
    pattern: new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}/?$`, 'i'),
    isFixed: !path.includes(':'),
    methods: [...names, ...(names.includes('GET') ? ['HEAD'] : []), 'OPTIONS'],
  };
}
