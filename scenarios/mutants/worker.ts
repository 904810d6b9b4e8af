/** The program of a worker process of the hunt. */
import { serveTasks } from '../workers/serve-tasks.ts';
import { carryOutTask } from './carry-out-task.ts';
import type { SeedDone, Task, TaskResult } from './worker-messages.ts';

serveTasks<Task, TaskResult, SeedDone>((task, say) => carryOutTask(task, (name, seed) => say({ name, seed })));
