/** Colours for a terminal, or none: text writers take a `Paint` and never ask where it goes. */
import pc from 'picocolors';

export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  doubt(text: string): string;
  strong(text: string): string;
  dim(text: string): string;
}

const same = (text: string): string => text;

export const plainPaint: Paint = { good: same, bad: same, doubt: same, strong: same, dim: same };

/** Colours as asked, whatever picocolors thinks of this terminal. */
export function terminalPaint(color: boolean): Paint {
  if (!color) return plainPaint;
  const colors = pc.createColors(true);
  return { good: colors.green, bad: colors.red, doubt: colors.yellow, strong: colors.bold, dim: colors.dim };
}
