/** Completion for MLflow's filter grammar: comparisons joined by AND. Pure. */

export type Family = 'metrics' | 'params' | 'tags' | 'attributes' | 'datasets';

/** What the loaded runs know: keys with the values seen. Metrics have no values worth offering. */
export interface Vocabulary {
  metrics: readonly string[];
  params: ReadonlyMap<string, readonly string[]>;
  tags: ReadonlyMap<string, readonly string[]>;
}

export interface Suggestion {
  /** What takes the place of the text from `from` to the caret. */
  insert: string;
  label: string;
  hint: string;
}

export interface Completion {
  from: number;
  options: Suggestion[];
}

const ATTRIBUTES: Record<string, { numeric: boolean; values?: readonly string[]; list?: boolean }> = {
  run_name: { numeric: false },
  status: { numeric: false, values: ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'] },
  start_time: { numeric: true },
  end_time: { numeric: true },
  run_id: { numeric: false, list: true },
  user_id: { numeric: false },
  artifact_uri: { numeric: false },
};
const DATASETS = ['name', 'digest', 'context'];
const NUMERIC = ['>', '>=', '<', '<=', '=', '!='];
const TEXTUAL = ['=', '!=', 'LIKE', 'ILIKE'];
const FAMILIES: Record<string, Family> = {
  metric: 'metrics',
  metrics: 'metrics',
  param: 'params',
  params: 'params',
  parameter: 'params',
  parameters: 'params',
  tag: 'tags',
  tags: 'tags',
  attr: 'attributes',
  attribute: 'attributes',
  attributes: 'attributes',
  run: 'attributes',
  dataset: 'datasets',
  datasets: 'datasets',
};
const MAX = 30;

/** A key as the grammar wants it: plain, or in backticks when it has other characters (or double quotes around those). */
export function quoteKey(key: string): string {
  if (/^[A-Za-z_][\w]*$/.test(key)) return key;
  return key.includes('`') ? `"${key}"` : `\`${key}\``;
}

/** A text as the grammar wants it. The grammar has no escapes: a text with both quotes cannot be said. */
export const quoteText = (text: string) => (text.includes("'") ? `"${text}"` : `'${text}'`);

interface Word {
  text: string;
  at: number;
}

/** Words, names with quoted parts, texts and operators; an open quote runs to the end. */
export function words(text: string): Word[] {
  const found: Word[] = [];
  const pattern = /(?:[A-Za-z_][\w]*\.)?(?:`[^`]*(?:`|$)|"[^"]*(?:"|$))|'[^']*(?:'|$)|[<>=!]+|[(),]|[^\s<>=!(),'"`]+/g;
  for (const m of text.matchAll(pattern)) found.push({ text: m[0], at: m.index });
  return found;
}

function familyOf(word: string): { family: Family; key: string } | null {
  const m = /^([A-Za-z]+)\.(.*)$/s.exec(word);
  if (!m) return word in ATTRIBUTES ? { family: 'attributes', key: word } : null;
  const family = FAMILIES[m[1]!.toLowerCase()];
  return family ? { family, key: m[2]!.replace(/^[`"]|[`"]$/g, '') } : null;
}

const isOperator = (word: string) => /^[<>=!]+$|^(i?like|in)$/i.test(word);

/** What can stand at the caret. Only the text before it counts. */
export function complete(text: string, caret: number, known: Vocabulary): Completion {
  const before = text.slice(0, caret);
  const all = words(before);
  const last = all.at(-1);
  const open = last && last.at + last.text.length === before.length ? last : null;
  const typed = open?.text ?? '';
  const done = open ? all.slice(0, -1) : all;
  const from = open?.at ?? caret;
  // Back to the last AND: one comparison.
  const start = done.findLastIndex((w) => /^and$/i.test(w.text)) + 1;
  const [name, operator, ...rest] = done.slice(start).map((w) => w.text);
  if (name === undefined) return names(typed, from, known);
  const subject = familyOf(name);
  if (!subject) return { from, options: [] };
  if (operator === undefined) return operators(subject, typed, from);
  if (!isOperator(operator)) return { from, options: [] };
  const listed = /^in$/i.test(operator);
  if (rest.length === 0 && !listed) return values(subject, typed, from, known);
  if (listed && !rest.includes(')')) return { from, options: [] };
  return 'and'.startsWith(typed.toLowerCase())
    ? { from, options: [{ insert: 'AND ', label: 'AND', hint: 'one more condition' }] }
    : { from, options: [] };
}

function pick(options: Suggestion[], typed: string): Suggestion[] {
  const wanted = typed.toLowerCase().replace(/[`"']/g, '');
  const rank = (s: Suggestion) => {
    const label = s.label.toLowerCase().replace(/[`"']/g, '');
    if (label.startsWith(wanted)) return 0;
    // "acc" finds metrics.val_acc.
    return label.slice(label.indexOf('.') + 1).startsWith(wanted) ? 1 : label.includes(wanted) ? 2 : 3;
  };
  return options
    .map((s) => [rank(s), s] as const)
    .filter(([r]) => r < 3)
    .sort(([a], [b]) => a - b)
    .map(([, s]) => s)
    .slice(0, MAX);
}

function names(typed: string, from: number, known: Vocabulary): Completion {
  const dotted = (family: Family, key: string) => `${family}.${quoteKey(key)}`;
  const one = (label: string, hint: string): Suggestion => ({ insert: `${label} `, label, hint });
  const options = [
    ...known.metrics.map((k) => one(dotted('metrics', k), 'metric')),
    ...[...known.params.keys()].map((k) => one(dotted('params', k), 'parameter')),
    ...Object.keys(ATTRIBUTES).map((k) => one(dotted('attributes', k), 'attribute')),
    ...[...known.tags.keys()].map((k) => one(dotted('tags', k), 'tag')),
    ...DATASETS.map((k) => one(dotted('datasets', k), 'dataset')),
  ];
  // "param.x" and "metric.x" are said, too.
  const m = /^([A-Za-z]+)\./.exec(typed);
  const family = m && FAMILIES[m[1]!.toLowerCase()];
  return { from, options: pick(options, family ? family + typed.slice(m[1]!.length) : typed) };
}

function operators(subject: { family: Family; key: string }, typed: string, from: number): Completion {
  const attribute = subject.family === 'attributes' ? ATTRIBUTES[subject.key] : undefined;
  const numeric = subject.family === 'metrics' || (attribute?.numeric ?? false);
  const list = numeric ? NUMERIC : [...TEXTUAL, ...(attribute?.list ? ['IN'] : [])];
  const hints: Record<string, string> = {
    LIKE: "pattern: '%' is any text",
    ILIKE: 'pattern, whatever the case',
    IN: 'one of a list',
  };
  const options = list
    .filter((o) => o.toLowerCase().startsWith(typed.toLowerCase()))
    .map((o) => ({ insert: `${o} `, label: o, hint: hints[o] ?? (numeric ? 'number' : 'text in quotes') }));
  return { from, options };
}

function values(subject: { family: Family; key: string }, typed: string, from: number, known: Vocabulary): Completion {
  const seen =
    subject.family === 'params'
      ? known.params.get(subject.key)
      : subject.family === 'tags'
        ? known.tags.get(subject.key)
        : subject.family === 'attributes'
          ? ATTRIBUTES[subject.key]?.values
          : undefined;
  const options = (seen ?? [])
    .filter((v) => !(v.includes("'") && v.includes('"')) && v.length <= 200)
    .map((v) => ({ insert: `${quoteText(v)} `, label: quoteText(v), hint: 'seen value' }));
  // A finished text needs no completion.
  if (/^(['"]).*\1$/s.test(typed) && typed.length > 1) return { from, options: [] };
  return { from, options: pick(options, typed) };
}

/** Where the server's complaint points: "… (at character 7)" counts from 1; null when it names no place. */
export function complaintAt(message: string): number | null {
  const m = /\(at character (\d+)\)/.exec(message);
  return m ? Number(m[1]) - 1 : null;
}
