/**
 * Requests and responses that are Express's own from the beginning. Express gives each of them
 * another prototype, which is the largest single cost of a small request on Node; when they have
 * that prototype already, giving it changes nothing. Everything of Express keeps working.
 */
import { IncomingMessage, ServerResponse } from 'node:http';
import type { Express } from 'express';
import type { MessageClasses } from '../../kernel/index.ts';

export function messagesOf(app: Express): MessageClasses {
  return {
    IncomingMessage: madeLike(IncomingMessage, app.request),
    ServerResponse: madeLike(ServerResponse, app.response),
  };
}

/**
 * A class whose objects are built by `base` and have `prototype`. Node's own are functions and may
 * be called on an object that exists already, which is three times as fast as what
 * `Reflect.construct` can do; where they are no functions any more they stay as they are.
 */
function madeLike<Class extends typeof IncomingMessage | typeof ServerResponse>(base: Class, prototype: object): Class {
  if (/^class\b/.test(Function.prototype.toString.call(base))) return base;
  const build = base as unknown as (...given: unknown[]) => void;
  function Made(this: object, ...given: unknown[]): void {
    build.apply(this, given);
  }
  Made.prototype = prototype;
  return Made as unknown as Class;
}
