/**
 * HTTP/1.1 on raw sockets, as little of it as a benchmark needs: messages with a Content-Length
 * over kept-alive connections. A real client and server would take as much CPU as what is
 * measured beside them on the same cores.
 */
import type { Socket } from 'node:net';

export interface Message {
  /** First line: of a request or of an answer. */
  start: string;
  body: string;
}

const HEAD_END = '\r\n\r\n';

/** Calls `onMessage` for each whole message that arrives. Bodies must be of ASCII: lengths are counted in characters. */
export function readMessages(socket: Socket, onMessage: (message: Message) => void): void {
  let received = '';
  socket.setEncoding('latin1');
  socket.setNoDelay(true);
  socket.on('data', (chunk: string) => {
    received = received === '' ? chunk : received + chunk;
    for (;;) {
      const headEnd = received.indexOf(HEAD_END);
      if (headEnd < 0) return;
      const head = received.slice(0, headEnd);
      const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      const end = headEnd + HEAD_END.length + length;
      if (received.length < end) return;
      const body = received.slice(headEnd + HEAD_END.length, end);
      received = received.slice(end);
      onMessage({ start: head.slice(0, head.indexOf('\r\n')), body });
    }
  });
}

export function requestText(path: string, headers: string, body: string): string {
  return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`;
}

export function answerText(status: string, body: string): string {
  return `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

export function statusOf({ start }: Message): number {
  return Number(start.slice(9, 12));
}
