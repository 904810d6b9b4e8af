/** Can anything be said at all? A failure here says nothing about the contract: the run is inconclusive. */
import { fail, pass, type Check } from '../check.ts';
import { noAnswer } from '../exchange.ts';
import { makeCall, show, type World } from '../world.ts';

const SERVER_ERROR = 500;
const MOST_SKEW_MS = 30_000;

export function preflightChecks(): Check<World>[] {
  const stage = 'preflight';
  return [
    {
      id: 'preflight.reach',
      stage,
      title: 'the sandbox answers',
      why: 'Without an answer nothing else can be said.',
      run: async (world) => {
        try {
          await makeCall(world, { method: 'GET', path: '/', headers: {} }, { anonymous: true });
          return pass();
        } catch (error) {
          return fail('any HTTP answer: is base_url right, and is the sandbox on?', noAnswer(error));
        }
      },
    },
    {
      id: 'preflight.protocol',
      stage,
      title: 'who answers is an API that works',
      why: 'A page, or a gateway with nothing behind it, would fail every other check for one reason.',
      run: async (world) => {
        const { dialect, credentials } = world.config;
        const { answer, curl } = await makeCall(world, dialect.unknownId.call(credentials));
        const isPage = (answer.headers['content-type'] ?? '').startsWith('text/html');
        return answer.status >= SERVER_ERROR || isPage
          ? fail('an answer in JSON and no error of the server: is base_url right?', show(answer), curl)
          : pass();
      },
    },
    {
      id: 'preflight.credentials',
      stage,
      title: 'the credentials are accepted',
      why: 'With wrong credentials every other check would fail for one reason.',
      run: async (world) => {
        const { dialect, credentials } = world.config;
        const { answer, curl } = await makeCall(world, dialect.unknownId.call(credentials));
        return answer.status === 401 || answer.status === 403
          ? fail('anything but 401 and 403: are these the credentials of this sandbox?', show(answer), curl)
          : pass();
      },
    },
    {
      id: 'preflight.clock',
      stage,
      title: 'the clocks agree within 30 seconds',
      why: 'Signed times are judged by our clock; a wrong one would look like a wrong signature.',
      run: async (world) => {
        const { answer } = await makeCall(world, { method: 'GET', path: '/', headers: {} }, { anonymous: true });
        const theirs = Date.parse(answer.headers['date'] ?? '');
        if (Number.isNaN(theirs)) return pass('no Date header to compare with');
        const skew = Math.abs(theirs - world.clock.now());
        return skew <= MOST_SKEW_MS
          ? pass()
          : fail('at most 30 s', `${Math.round(skew / 1000)} s: set one of the two clocks`);
      },
    },
  ];
}
