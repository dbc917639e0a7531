/** A line for MLflow's filter grammar that knows the keys of the loaded runs and shows where a complaint points. */
import { Button, makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { DismissRegular, FilterRegular } from '@fluentui/react-icons';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { complaintAt, complete, type Vocabulary } from './filter';

const useStyles = makeStyles({
  root: { position: 'relative', flex: '1 1 100%', minWidth: 0 },
  box: {
    display: 'flex',
    alignItems: 'center',
    gap: '6px',
    paddingLeft: '10px',
    height: '32px',
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.colorNeutralStrokeAccessible}`,
    backgroundColor: tokens.colorNeutralBackground1,
    ':focus-within': { outline: `2px solid ${tokens.colorCompoundBrandStroke}`, outlineOffset: '-1px' },
  },
  wrong: { border: `1px solid ${tokens.colorPaletteRedBorder2}` },
  input: {
    flex: 1,
    minWidth: 0,
    border: 'none',
    outline: 'none',
    backgroundColor: 'transparent',
    color: tokens.colorNeutralForeground1,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase300,
    '::placeholder': { color: tokens.colorNeutralForeground3 },
  },
  list: {
    position: 'absolute',
    zIndex: 20,
    top: '36px',
    left: 0,
    minWidth: 'min(360px, 100%)',
    maxWidth: '100%',
    maxHeight: '320px',
    overflowY: 'auto',
    margin: 0,
    padding: '4px',
    listStyleType: 'none',
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow16,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  option: {
    display: 'flex',
    justifyContent: 'space-between',
    gap: '18px',
    padding: '5px 10px',
    borderRadius: tokens.borderRadiusSmall,
    cursor: 'pointer',
    '& code': { overflowWrap: 'anywhere' },
    '& span': { color: tokens.colorNeutralForeground2, whiteSpace: 'nowrap', fontSize: tokens.fontSizeBase200 },
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
  },
  chosen: { backgroundColor: tokens.colorNeutralBackground1Selected },
  complaint: { marginTop: '6px', color: tokens.colorPaletteRedForeground1 },
  place: {
    margin: '0 0 4px',
    overflowX: 'auto',
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    lineHeight: '1.3',
    color: tokens.colorNeutralForeground1,
  },
});

export function FilterBox({
  value,
  known,
  error,
  onApply,
}: {
  /** The filter in force. */
  value: string;
  known: Vocabulary;
  /** The server's complaint about it. */
  error: string | null;
  onApply: (filter: string) => void;
}) {
  const styles = useStyles();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const [caret, setCaret] = useState(value.length);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const next = useRef<number | null>(null);
  useEffect(() => setText(value), [value]);
  useLayoutEffect(() => {
    if (next.current === null) return;
    input.current?.setSelectionRange(next.current, next.current);
    next.current = null;
  });
  const { from, options } = open ? complete(text, caret, known) : { from: 0, options: [] };
  const shown = options.length > 0;
  const typing = (t: string, at: number) => {
    setText(t);
    setCaret(at);
    setActive(-1);
    setOpen(true);
  };
  const accept = (i: number) => {
    const option = options[i];
    if (!option) return;
    const before = text.slice(0, from) + option.insert;
    next.current = before.length;
    typing(before + text.slice(caret).replace(/^ /, ''), before.length);
    input.current?.focus();
  };
  const apply = (filter: string) => {
    setOpen(false);
    onApply(filter.trim());
  };
  const at = error !== null && text.trim() === value ? complaintAt(error) : null;
  return (
    <div className={styles.root} onBlur={(e) => !e.currentTarget.contains(e.relatedTarget) && setOpen(false)}>
      <div className={mergeClasses(styles.box, error !== null && styles.wrong)}>
        <FilterRegular aria-hidden="true" />
        <input
          ref={input}
          className={styles.input}
          role="combobox"
          aria-label="Filter runs"
          aria-autocomplete="list"
          aria-expanded={shown}
          aria-controls={`${id}list`}
          aria-invalid={error !== null}
          {...(active >= 0 && shown ? { 'aria-activedescendant': `${id}${active}` } : {})}
          {...(error !== null ? { 'aria-describedby': `${id}error` } : {})}
          autoComplete="off"
          spellCheck={false}
          placeholder="metrics.accuracy > 0.9 AND params.model = 'forest'"
          value={text}
          onChange={(e) => typing(e.target.value, e.target.selectionStart ?? e.target.value.length)}
          onFocus={() => setOpen(true)}
          onClick={() => setOpen(true)}
          onSelect={(e) => setCaret(e.currentTarget.selectionStart ?? text.length)}
          onKeyDown={(e) => {
            if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
              e.preventDefault();
              setOpen(true);
              const step = e.key === 'ArrowDown' ? 1 : -1;
              if (shown) setActive((a) => (a + step + options.length + (a < 0 && step < 0 ? 1 : 0)) % options.length);
            } else if (e.key === 'Enter') {
              e.preventDefault();
              if (shown && active >= 0) accept(active);
              else apply(text);
            } else if (e.key === 'Escape' && open) {
              e.stopPropagation();
              setOpen(false);
            }
          }}
        />
        {text !== '' && (
          <Button
            appearance="subtle"
            size="small"
            icon={<DismissRegular />}
            aria-label="Clear the filter"
            onClick={() => {
              setText('');
              apply('');
            }}
          />
        )}
        <Button appearance="subtle" size="small" disabled={text.trim() === value} onClick={() => apply(text)}>
          Apply
        </Button>
      </div>
      <ul
        id={`${id}list`}
        role="listbox"
        aria-label="What can stand here"
        className={styles.list}
        hidden={!shown}
        tabIndex={-1}
      >
        {options.map((o, i) => (
          <li
            key={o.label}
            id={`${id}${i}`}
            role="option"
            aria-selected={i === active}
            ref={(el) => {
              if (i === active) el?.scrollIntoView?.({ block: 'nearest' });
            }}
            className={mergeClasses(styles.option, i === active && styles.chosen)}
            onMouseDown={(e) => {
              e.preventDefault();
              accept(i);
            }}
          >
            <code>{o.label}</code>
            <span>{o.hint}</span>
          </li>
        ))}
      </ul>
      {error !== null && (
        <div id={`${id}error`} role="alert" className={styles.complaint}>
          {at !== null && <pre className={styles.place}>{`${value}\n${' '.repeat(at)}▲`}</pre>}
          <Text size={200}>{error}</Text>
        </div>
      )}
    </div>
  );
}
