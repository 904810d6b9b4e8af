/** Why a look at the target brought nothing: part of the history, and of the doctor's advice. */
import { ProbeRefused } from '../service-client.ts';

/** The target file says nothing of it. */
export class NotDescribed extends ProbeRefused {
  constructor(what: string) {
    super(what, { status: 0, headers: {}, body: null });
    this.name = 'NotDescribed';
    this.message = `the target file says nothing of ${what}`;
  }
}

/** The target answered, and the answer is not what the file promises. */
export class NotAsDescribed extends ProbeRefused {
  constructor(message: string) {
    super('', { status: 0, headers: {}, body: null });
    this.name = 'NotAsDescribed';
    this.message = message;
  }
}
