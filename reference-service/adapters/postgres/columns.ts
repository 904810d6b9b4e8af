/**
 * Columns: how an object lies in a table, said once. From one description come the list of
 * columns, their bindings for an insert, the assignments of an update, and the way back.
 * It knows types of columns, not what they mean.
 */
import { integer, integerOrNull, type SqlValue } from './values.ts';

export type ColumnType = 'text' | 'bigint' | 'int' | 'boolean' | 'jsonb';

/** Property of the object → column and its type. */
export type ColumnMap<T> = Readonly<Record<keyof T & string, readonly [column: string, type: ColumnType]>>;

export interface Columns<T extends object> {
  /** `id, txn_id, …` */
  readonly names: string;
  /** `cast(:p_id as text), …` in the same order. */
  readonly values: string;
  /** Bindings of `values` and of `assignments`. */
  bindings(object: T): Record<string, SqlValue>;
  /** `status = cast(:p_status as text), …` for some properties. */
  assignments(properties: readonly (keyof T & string)[]): string;
  objectOf(row: Readonly<Record<string, unknown>>): T;
  /** The row as an object of its columns, those without a value left out: what `jsonb_populate_record` reads. */
  rowOf(object: T): Record<string, unknown>;
  /** `status = p.status, …` for some properties, from a row of the name `record`. */
  assignmentsFrom(record: string, properties: readonly (keyof T & string)[]): string;
}

/** @param prefix of the bindings, so that several tables fit into one statement */
export function columnsOf<T extends object>(prefix: string, map: ColumnMap<T>): Columns<T> {
  const entries = Object.entries(map) as [keyof T & string, readonly [string, ColumnType]][];
  const value = ([column, type]: readonly [string, ColumnType]): string => `cast(:${prefix}_${column} as ${type})`;
  return {
    names: entries.map(([, [column]]) => column).join(', '),
    values: entries.map(([, described]) => value(described)).join(', '),
    bindings: (object) =>
      Object.fromEntries(
        entries.map(([property, [column, type]]) => [`${prefix}_${column}`, toSql(object[property], type)]),
      ),
    assignments: (properties) =>
      properties.map((property) => `${map[property][0]} = ${value(map[property])}`).join(', '),
    objectOf: (row) => {
      const object: Record<string, unknown> = {};
      for (const [property, [column, type]] of entries) object[property] = fromSql(row[column], type);
      return object as T;
    },
    rowOf: (object) => {
      const row: Record<string, unknown> = {};
      for (const [property, [column]] of entries) {
        const value = object[property];
        if (value !== null && value !== undefined) row[column] = value;
      }
      return row;
    },
    assignmentsFrom: (record, properties) =>
      properties.map((property) => `${map[property][0]} = ${record}.${map[property][0]}`).join(', '),
  };
}

function toSql(value: unknown, type: ColumnType): SqlValue {
  if (value === null || value === undefined) return null;
  return type === 'jsonb' ? JSON.stringify(value) : (value as SqlValue);
}

function fromSql(value: unknown, type: ColumnType): unknown {
  if (value === null || value === undefined) return null;
  if (type === 'bigint') return integerOrNull(value as string | number);
  return type === 'int' ? integer(value as string | number) : value;
}
