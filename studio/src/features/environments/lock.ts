export interface LockedPackage {
  name: string;
  version: string;
}

/** Packages of a requirements lock: `name==version` lines; comments, hashes, options and markers are passed by. */
export function parseLock(text: string): LockedPackage[] {
  return text.split('\n').flatMap((line) => {
    const found = /^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?\s*(?:===?\s*([^\s;\\#]+)|@\s*(\S+))/.exec(line.trim());
    return found ? [{ name: found[1]!.toLowerCase(), version: found[2] ?? found[3] ?? '' }] : [];
  });
}
