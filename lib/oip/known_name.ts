/**
 * The tensor that a name means: the one of that name, else for a name in capitals the only one whose name differs in
 * nothing else, as Flink's client writes all names so. A name that means none is given back.
 */
export function knownName(name: string, known: readonly string[]): string {
  if (known.includes(name)) return name;
  const [same, ...others] = known.filter((each) => each.toUpperCase() === name);
  return same !== undefined && others.length === 0 ? same : name;
}
