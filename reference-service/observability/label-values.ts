/**
 * Values of one label, bounded: a label whose values come from requests must not grow without
 * end, or the collector of metrics falls before the service does.
 */
export class LabelValues {
  readonly #most: number;
  readonly #known = new Set<string>();

  constructor(most: number) {
    this.#most = most;
  }

  /** The value, `other` once there are too many, `none` for nothing. */
  of(value: string | null | undefined): string {
    if (value === null || value === undefined || value === '') return 'none';
    if (this.#known.has(value)) return value;
    if (this.#known.size >= this.#most) return 'other';
    this.#known.add(value);
    return value;
  }
}
