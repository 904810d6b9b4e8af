/** The program of a worker process that explores. */
import { serveTasks } from '../workers/serve-tasks.ts';
import { carryOutExploring, type ExploreResult, type ExploreTask } from './explore-seed.ts';

serveTasks<ExploreTask, ExploreResult, never>(carryOutExploring);
