/** What a relay needs. */
export interface LineRelayOptions {
  /** Takes a line, without its end. */
  readonly write: (line: string) => void;
  /** Milliseconds since some fixed moment. */
  readonly now: () => number;
}

/** Characters let through per second. */
const BUDGET = 65_536;
const WINDOW_MS = 1000;
const MAX_LINE = 4096;
const MAX_TAIL = 4096;
/** What could move the cursor or change colours of the user's terminal; a tab is harmless. */
// deno-lint-ignore no-control-regex
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/** Passes on what a project's code prints, line by line, cutting floods: a line then says how much was dropped. */
export class LineRelay {
  readonly #options: LineRelayOptions;
  readonly #decoder = new TextDecoder();
  #rest = "";
  #tail = "";
  #windowStart: number;
  #used = 0;
  #dropped = 0;

  constructor(options: LineRelayOptions) {
    this.#options = options;
    this.#windowStart = options.now();
  }

  /** The last part of all that came, floods included. */
  get tail(): string {
    return this.#tail;
  }

  push(bytes: Uint8Array): void {
    this.#add(this.#decoder.decode(bytes, { stream: true }));
  }

  /** Passes on what is left when nothing more comes. */
  end(): void {
    this.#add(this.#decoder.decode());
    if (this.#rest !== "") this.#pass(this.#rest);
    this.#rest = "";
    this.#tellDropped();
  }

  #add(text: string): void {
    this.#tail = (this.#tail + text).slice(-MAX_TAIL);
    const lines = (this.#rest + text).split(/\r?\n/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#pass(line);
    if (this.#rest.length > MAX_LINE) {
      this.#pass(this.#rest);
      this.#rest = "";
    }
  }

  #pass(line: string): void {
    const now = this.#options.now();
    if (now - this.#windowStart >= WINDOW_MS) {
      this.#windowStart = now;
      this.#used = 0;
      this.#tellDropped();
    }
    if (this.#used + line.length > BUDGET) {
      this.#dropped += line.length;
      return;
    }
    this.#used += line.length + 1;
    for (let at = 0; at === 0 || at < line.length; at += MAX_LINE) {
      this.#options.write(line.slice(at, at + MAX_LINE).replace(CONTROL, "\ufffd"));
    }
  }

  #tellDropped(): void {
    if (this.#dropped > 0) this.#options.write(`(${this.#dropped} characters more were dropped)`);
    this.#dropped = 0;
  }
}
