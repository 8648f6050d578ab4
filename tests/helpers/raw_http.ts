/** HTTP byte by byte, as no client would send it. */

/** A server that has not closed a connection by then is not going to. */
const LIMIT_MS = 20_000;
const encoder = new TextEncoder();

/** What came back over a connection. */
export interface RawAnswer {
  /** Statuses of all answers, in order. */
  readonly statuses: readonly number[];
  readonly text: string;
  /** Whether the server closed the connection. */
  readonly closed: boolean;
  /** Milliseconds from the connecting to the end. */
  readonly ms: number;
}

/** A connection to a port of the loopback. */
export class RawConnection {
  readonly since: number = performance.now();
  readonly #connection: Deno.TcpConn;
  text = "";
  closed = false;

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  static async open(port: number): Promise<RawConnection> {
    const connection = new RawConnection(await Deno.connect({ hostname: "127.0.0.1", port }));
    connection.#connection.setNoDelay(true);
    return connection;
  }

  /** Sends bytes; false if the server takes no more. */
  async send(data: string | Uint8Array): Promise<boolean> {
    const bytes = typeof data === "string" ? encoder.encode(data) : data;
    try {
      for (let at = 0; at < bytes.length;) at += await this.#connection.write(bytes.subarray(at));
      return true;
    } catch {
      return false;
    }
  }

  /** Reads once; false at the end. */
  async read(): Promise<boolean> {
    const buffer = new Uint8Array(65_536);
    const size = await this.#connection.read(buffer).catch(() => null);
    if (size === null) {
      this.closed = true;
      return false;
    }
    this.text += new TextDecoder().decode(buffer.subarray(0, size));
    return true;
  }

  /** Reads until the server closes the connection. */
  async readToEnd(): Promise<RawAnswer> {
    while (await this.read());
    return this.answer;
  }

  /** Reads until so many answers have begun, or the server closes the connection. */
  async readAnswers(count: number): Promise<RawAnswer> {
    while (this.answer.statuses.length < count && await this.read());
    return this.answer;
  }

  get answer(): RawAnswer {
    const statuses = [...this.text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, status]) => Number(status));
    return { statuses, text: this.text, closed: this.closed, ms: performance.now() - this.since };
  }

  close(): void {
    try {
      this.#connection.close();
    } catch {
      // closed already
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Sends bytes over a connection of their own and reads until the server closes it, or for twenty seconds. */
export async function rawExchange(port: number, ...parts: (string | Uint8Array)[]): Promise<RawAnswer> {
  using connection = await RawConnection.open(port);
  const timer = setTimeout(() => connection.close(), LIMIT_MS);
  const sending = (async () => {
    for (const part of parts) if (!await connection.send(part)) break;
  })();
  const answer = await connection.readToEnd();
  clearTimeout(timer);
  await sending;
  return answer;
}
