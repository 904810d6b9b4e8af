/** Reads and judges one history, and says how long it took and how much memory: run by `judging.ts`. */
import { readHistory } from '../../kernel/index.ts';
import { judgeHistory } from '../../scenarios/index.ts';
import { metered } from './meter.ts';

const KIB_PER_MIB = 1024;

const [file = ''] = process.argv.slice(2);
const { result, wallMs, cpuMs } = await metered(() => Promise.resolve(judgeHistory(readHistory(file).events)));
const peakMib = process.resourceUsage().maxRSS / KIB_PER_MIB;
process.stdout.write(`${JSON.stringify({ wallMs, cpuMs, peakMib, verdict: result.verdict })}\n`);
