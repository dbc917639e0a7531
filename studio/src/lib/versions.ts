/** Versions of an asset, newest first: numbers by size, other words by time of making. */
export function newestFirst<T extends { name: string; systemData?: { createdAt?: string } }>(
  versions: readonly T[],
): T[] {
  return [...versions].sort((a, b) => {
    const x = Number(a.name);
    const y = Number(b.name);
    if (Number.isInteger(x) && Number.isInteger(y)) return y - x;
    return (b.systemData?.createdAt ?? '').localeCompare(a.systemData?.createdAt ?? '') || b.name.localeCompare(a.name);
  });
}
