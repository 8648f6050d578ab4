import type { Job } from "./job.ts";

/** Jobs of a model in the order in which they came, to be taken in batches. */
export class JobQueue {
  #jobs: Job[] = [];
  #first = 0;
  #rows = 0;

  /** Events that wait. */
  get rows(): number {
    return this.#rows;
  }

  /** The job that has waited longest. */
  get head(): Job | undefined {
    return this.#jobs[this.#first];
  }

  push(job: Job): void {
    this.#jobs.push(job);
    this.#rows += job.rows;
  }

  /**
   * Takes the jobs at the head of the queue, all of one kind and together of at most so many rows, but at least one.
   * A job of more rows is parted where it can be.
   */
  take(rows: number): Job[] {
    const taken: Job[] = [];
    let room = rows;
    for (let job = this.head; job !== undefined; job = this.head) {
      if (taken[0] !== undefined && job.payload.kind !== taken[0].payload.kind) break;
      const parts = job.rows > room && taken.length === 0 ? job.split(rows) : undefined;
      if (parts === undefined && job.rows > room && taken.length > 0) break;
      if (parts === undefined) this.#first++;
      else this.#jobs[this.#first] = parts[1];
      const next = parts === undefined ? job : parts[0];
      this.#rows -= next.rows;
      if (next.isDone) continue;
      taken.push(next);
      room -= next.rows;
      if (room <= 0) break;
    }
    this.#trim();
    return taken;
  }

  /** Takes out the jobs for which it holds. */
  remove(isOut: (job: Job) => boolean): Job[] {
    const out: Job[] = [];
    const kept: Job[] = [];
    for (let at = this.#first; at < this.#jobs.length; at++) {
      const job = this.#jobs[at];
      if (job !== undefined) (isOut(job) ? out : kept).push(job);
    }
    this.#jobs = kept;
    this.#first = 0;
    this.#rows = kept.reduce((sum, job) => sum + job.rows, 0);
    return out;
  }

  /** Lets go of what was taken, now and then, as taking from the front of an array costs its length. */
  #trim(): void {
    if (this.#first === this.#jobs.length) this.#jobs = [];
    else if (this.#first < 1024) return;
    else this.#jobs = this.#jobs.slice(this.#first);
    this.#first = 0;
  }
}
