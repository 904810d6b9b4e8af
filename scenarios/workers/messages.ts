/** What a worker process tells its parent. Plain data: it crosses a process. */
export type FromWorker<Result, Said> = { type: 'said'; said: Said } | { type: 'done'; result: Result };
