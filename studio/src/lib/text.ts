/** What log lines need before they can be shown. */

// eslint-disable-next-line no-control-regex
const ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007]*(?:\u0007|\u001b\\)|\u001b[@-Z\\-_]/g;

/** Removes terminal colour and cursor codes. */
export function stripAnsi(text: string): string {
  return text.replace(ANSI, '');
}

/** Progress bars rewrite their line with carriage returns: keep what the line said last. */
export function foldCarriageReturns(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const trimmed = line.endsWith('\r') ? line.slice(0, -1) : line;
      const at = trimmed.lastIndexOf('\r');
      return at < 0 ? trimmed : trimmed.slice(at + 1);
    })
    .join('\n');
}

/** The last `max` characters, cut at a line, and how many characters were left out before them. */
export function tail(text: string, max: number): { text: string; dropped: number } {
  if (text.length <= max) return { text, dropped: 0 };
  const from = text.length - max;
  const newline = text.indexOf('\n', from);
  const start = newline < 0 ? from : newline + 1;
  return { text: text.slice(start), dropped: start };
}

/** A name that is safe as an asset name: letters, digits, `-`, `_`, `.`; at most 255 characters. */
export function assetNameProblem(name: string): string | null {
  if (!name) return 'Give it a name.';
  if (name.length > 255) return 'A name has at most 255 characters.';
  if (!/^[A-Za-z0-9]/.test(name)) return 'A name starts with a letter or a digit.';
  const bad = /[^A-Za-z0-9._-]/.exec(name);
  return bad ? `A name has letters, digits, "-", "_" and "." only; "${bad[0]}" is not one of them.` : null;
}

/** An online endpoint name: 3 to 32 letters, digits and inner hyphens, starting with a letter. */
export function endpointNameProblem(name: string): string | null {
  if (!name) return 'Give it a name.';
  if (name.length < 3 || name.length > 32) return 'An endpoint name has 3 to 32 characters.';
  if (!/^[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]$/.test(name)) {
    return 'Letters, digits and inner hyphens only, starting with a letter.';
  }
  return null;
}
