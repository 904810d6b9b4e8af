/**
 * A clean stop: the first Ctrl-C (or SIGTERM) asks the verb to finish and close what it
 * opened, a second Ctrl-C ends the process at once. A SIGTERM never does: a parent that was
 * interrupted with us sends one on top, and whoever is in a hurry has SIGKILL.
 */

/** What a shell expects of a process that a signal ended: 128 + SIGINT. */
const EXIT_BY_SIGINT = 130;

export interface Interrupt {
  readonly signal: AbortSignal;
  /** Resolves when the person asked to stop. */
  readonly stopped: Promise<void>;
  /** Stops listening for signals; after this a Ctrl-C has its usual effect. */
  dispose(): void;
}

/** @param onFirst is told once, to say that the stop was heard. */
export function listenForInterrupt(onFirst: () => void): Interrupt {
  const controller = new AbortController();
  let resolveStopped: () => void = () => {};
  const stopped = new Promise<void>((resolve) => {
    resolveStopped = resolve;
  });
  const stop = (): void => {
    if (controller.signal.aborted) return;
    onFirst();
    controller.abort();
    resolveStopped();
  };
  const onSigint = (): void => {
    if (controller.signal.aborted) process.exit(EXIT_BY_SIGINT);
    stop();
  };
  process.on('SIGINT', onSigint);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    stopped,
    dispose: () => {
      process.off('SIGINT', onSigint);
      process.off('SIGTERM', stop);
    },
  };
}
