/** Finds the route of a request. Patterns are split, and plain paths found, once per dialect, not per request. */
import type { Route } from '../dialects/dialect.ts';

export interface MatchedRoute {
  route: Route;
  params: Readonly<Record<string, string>>;
}

export type RouteMatcher = (method: string, path: string) => MatchedRoute | undefined;

export function createRouteMatcher(routes: readonly Route[]): RouteMatcher {
  const patterns = routes.map((route) => ({ route, segments: route.path.split('/') }));
  const slow: RouteMatcher = (method, path) => {
    const segments = path.split('/');
    for (const pattern of patterns) {
      if (pattern.route.method !== method) continue;
      const params = match(pattern.segments, segments);
      if (params !== undefined) return { route: pattern.route, params };
    }
    return undefined;
  };
  // Paths without parameters are looked up, with the answer that the search gives for them.
  const exact = new Map<string, Map<string, MatchedRoute>>();
  for (const { method, path } of routes) {
    const found = path.includes('{') ? undefined : slow(method, path);
    if (found !== undefined) exact.set(method, (exact.get(method) ?? new Map()).set(path, found));
  }
  return (method, path) => exact.get(method)?.get(path) ?? slow(method, path);
}

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const actual = segments[index] ?? '';
    if (expected.startsWith('{') && expected.endsWith('}')) {
      if (actual === '') return undefined;
      params[expected.slice(1, -1)] = actual;
    } else if (expected !== actual) return undefined;
  }
  return params;
}
