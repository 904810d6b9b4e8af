/**
 * What the harness remembers of the operations that it asked a foreign service for. Its API need
 * not repeat who pays and how much: the harness knows what it asked for.
 */
export interface KnownOperation {
  id: string;
  player: string;
  amountMinor: number;
  currency: string;
  /** Name of the PSP. */
  psp: string;
  /** By which the PSP knows it: the service's own id, or what it says it told the PSP. */
  references: string[];
  /** Of a refund: the payment. */
  about?: string;
  /** The service's last word on it. */
  status?: string;
}

export interface KnownOperations {
  get(id: string): KnownOperation | undefined;
  /** Notes it, or adds what is new to what is known. */
  note(operation: KnownOperation): KnownOperation;
  all(): readonly KnownOperation[];
}

export function rememberOperations(): KnownOperations {
  const known = new Map<string, KnownOperation>();
  return {
    get: (id) => known.get(id),
    note: (operation) => {
      const before = known.get(operation.id);
      if (before === undefined) {
        known.set(operation.id, operation);
        return operation;
      }
      for (const reference of operation.references)
        if (!before.references.includes(reference)) before.references.push(reference);
      if (operation.status !== undefined) before.status = operation.status;
      return before;
    },
    all: () => [...known.values()],
  };
}
