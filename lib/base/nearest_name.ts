/**
 * The name that was probably meant: the known one with the fewest changed, added, dropped or swapped letters, as long as
 * at most a third of the letters differ. Case, `_` and `-` do not count, so `feature_names` finds `featureNames`.
 * Of equally near names the first wins.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = plain(name);
  if (wanted.length === 0 || wanted.length > 100) return undefined;
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of known) {
    const letters = plain(candidate);
    if (Math.abs(letters.length - wanted.length) >= least) continue;
    const distance = editDistance(wanted, letters);
    // All letters differing is no likeness, however short the names.
    if (distance < least && distance < letters.length) [nearest, least] = [candidate, distance];
  }
  return nearest;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, "");
}

/** Optimal string alignment distance, by rows. */
function editDistance(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const at = (line: readonly number[], index: number) => line[index] ?? Infinity;
      const same = one[row - 1] === other[column - 1];
      let least = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      );
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (row > 1 && column > 1 && swapped) least = Math.min(least, at(beforeLast, column - 2) + 1);
      current.push(least);
    }
    [beforeLast, last] = [last, current];
  }
  return last[other.length] ?? Infinity;
}
