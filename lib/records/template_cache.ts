import type { DirectModel } from "../backend/direct_model.ts";
import { learnTemplate, type RecordTemplate } from "./record_template.ts";

/** Trying more of them on a record that none fits would cost more than the next one saves. */
const MOST_TEMPLATES = 8;
/** So many misses allow for another template, should the records look different from now on. */
const MISSES_PER_LESSON = 64;

/** The shapes that the records of a stream were seen to have, the last one that fitted first. */
export class TemplateCache {
  readonly templates: RecordTemplate[] = [];
  readonly #model: DirectModel;
  /** How many more may be learnt before some miss. */
  #lessons = MOST_TEMPLATES;
  #misses = 0;

  constructor(model: DirectModel) {
    this.#model = model;
  }

  /** Puts the template at an index, which has just fitted, first. */
  prefer(index: number): void {
    const [template] = this.templates.splice(index, 1);
    if (template !== undefined) this.templates.unshift(template);
  }

  /** Learns from a record that none fitted: the text of an event that the model takes. */
  learn(text: string): void {
    if (++this.#misses % MISSES_PER_LESSON === 0) this.#lessons++;
    if (this.#lessons === 0) return;
    this.#lessons--;
    const template = learnTemplate(text, this.#model);
    if (template === undefined) return;
    this.templates.unshift(template);
    this.templates.length = Math.min(this.templates.length, MOST_TEMPLATES);
  }
}
