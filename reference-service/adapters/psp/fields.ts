/**
 * Careful reading of JSON that somebody else wrote: a field has the expected type or it is
 * null. The adapters read every PSP answer and event through these, because the types of an
 * SDK are a promise about the PSP's documentation, not about the bytes that arrived.
 */
import { isObject } from './exchange.ts';
import type { JsonObject } from './exchange.ts';

/** A text that is not empty, or null. */
export function textOf(source: JsonObject | null, key: string): string | null {
  const value = source?.[key];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** An integer that a double holds exactly, or null. A number in quotes is not a number. */
export function integerOf(source: JsonObject | null, key: string): number | null {
  const value = source?.[key];
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

export function objectOf(source: JsonObject | null, key: string): JsonObject | null {
  const value = source?.[key];
  return isObject(value) ? value : null;
}

/** The objects of an array; null when the field is not an array of objects only. */
export function objectsOf(source: JsonObject | null, key: string): JsonObject[] | null {
  const value = source?.[key];
  return Array.isArray(value) && value.every(isObject) ? value : null;
}
