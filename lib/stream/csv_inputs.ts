import { checkSameHeader } from "../records/csv_header.ts";
import type { OpenSource } from "./block_reader.ts";
import { openCsvSource } from "./csv_source.ts";
import type { Source } from "./source.ts";

/** The sources of a run on CSV. */
export interface CsvInputs {
  /** The names of the columns, which all sources have; none where the first source holds nothing. */
  readonly columns: readonly string[];
  readonly source: Source;
  readonly moreSources: readonly OpenSource[];
}

/**
 * Opens sources up to the first that has a header, and sees to it that those opened later have the same.
 *
 * @throws {PackflowError} `source.invalid_header`; the later sources, when they are opened, `source.other_header` too.
 */
export async function openCsvInputs(
  sources: readonly [OpenSource, ...OpenSource[]],
  options: { readonly delimiter: string; readonly maxEventBytes: number },
): Promise<CsvInputs> {
  const [openFirst, ...others] = sources;
  const first = await openCsvSource(await openFirst(), options);
  const moreSources: OpenSource[] = [];
  let known = first;
  // Files that hold nothing, such as logs that were just rotated, have no events either.
  while (known.columns === undefined && others.length > 0) {
    known = await openCsvSource(await others.shift()?.() ?? known.source, options);
    const { source } = known;
    moreSources.push(() => source);
  }
  const { columns = [] } = known;
  const header = { file: known.source.name, columns };
  for (const open of others) {
    moreSources.push(async () => {
      const opened = await openCsvSource(await open(), options);
      if (opened.columns !== undefined) checkSameHeader(opened.columns, header, opened.source.name);
      return opened.source;
    });
  }
  return { columns, source: first.source, moreSources };
}
