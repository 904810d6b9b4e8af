/**
 * The exit codes of the command line: what a script or a pipeline reads instead of the text.
 * When several apply, the one that stands first in `PRECEDENCE` wins: a tool that failed has
 * judged nothing, and a broken invariant outweighs one that was never observed.
 */
export const EXIT = {
  pass: 0,
  violated: 1,
  inconclusive: 2,
  otherHistory: 3,
  thresholdMissed: 99,
  usage: 254,
  internal: 255,
} as const;

const PRECEDENCE = [
  EXIT.internal,
  EXIT.usage,
  EXIT.otherHistory,
  EXIT.violated,
  EXIT.inconclusive,
  EXIT.thresholdMissed,
];

/** The exit code of several results together; 0 when all are 0 or there are none. */
export function worstExitCode(codes: readonly number[]): number {
  return PRECEDENCE.find((code) => codes.includes(code)) ?? codes.find((code) => code !== EXIT.pass) ?? EXIT.pass;
}

/** One line each, for help texts. */
export const EXIT_CODE_HELP = [
  '  0    every expected invariant passed',
  '  1    an invariant is violated, or a mutant was not caught',
  '  2    inconclusive: something expected was never observed, or the run was stopped',
  '  3    same seed, other history',
  '  99   a performance threshold was missed',
  '  254  wrong usage or an invalid file',
  '  255  internal error',
].join('\n');
