/** Stage, aliases, tags and description of a version, and their changing. */
import {
  Button,
  Dropdown,
  Field,
  Input,
  makeStyles,
  Option,
  Tag,
  TagGroup,
  Text,
  Textarea,
  tokens,
} from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { wsPath } from '../../api/arm';
import {
  deleteAlias,
  deleteVersionTag,
  describeVersion,
  getRegisteredVersion,
  setAlias,
  setStage,
  setVersionTag,
  STAGES,
  type RegisteredVersion,
} from '../../api/registry';
import { useAnnounce } from '../../app/announce';
import { useLoad, useWs } from '../../app/workspace';
import { ErrorBar, Loaded } from '../../components/Feedback';
import { Card } from '../../components/Page';

const useStyles = makeStyles({
  stack: { display: 'flex', flexDirection: 'column', gap: '16px' },
  tags: { display: 'flex', flexWrap: 'wrap', gap: '6px', marginBottom: '6px' },
  row: { display: 'flex', gap: '8px', flexWrap: 'wrap' },
  grow: { flex: '1 1 120px', minWidth: 0 },
  none: { color: tokens.colorNeutralForeground2, display: 'block', marginBottom: '6px' },
});

export function ModelLabels({ name, version }: { name: string; version: string }) {
  const load = useLoad(['models', name, version, 'labels'], (ws, o) => getRegisteredVersion(ws, name, version, o));
  return (
    <Card title="Stage, aliases, tags">
      <Loaded load={load} rows={4}>
        {(v) => <Labels key={`${name}:${version}`} name={name} version={version} now={v} />}
      </Loaded>
    </Card>
  );
}

function Labels({ name, version, now }: { name: string; version: string; now: RegisteredVersion }) {
  const styles = useStyles();
  const ws = useWs();
  const client = useQueryClient();
  const announce = useAnnounce();
  const [alias, setAliasText] = useState('');
  const [key, setKey] = useState('');
  const [value, setValue] = useState('');
  const [text, setText] = useState<string | null>(null);
  const work = useMutation({
    mutationFn: async ({ act }: { act: () => Promise<unknown>; done: string }) => act(),
    onSuccess: (_, { done }) => announce(done),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: [wsPath(ws), 'models'] }),
        client.invalidateQueries({ queryKey: [wsPath(ws), 'production'] }),
      ]),
  });
  const does = (done: string, act: () => Promise<unknown>) => work.mutateAsync({ act, done }).catch(() => undefined);
  const onSubmit = (act: () => void) => (e: FormEvent) => {
    e.preventDefault();
    act();
  };
  const aliases = now.aliases ?? [];
  const tags = now.tags ?? [];
  return (
    <div className={styles.stack}>
      {work.isError && <ErrorBar error={work.error} />}
      <Field label="Stage">
        <Dropdown
          value={now.current_stage ?? 'None'}
          selectedOptions={[now.current_stage ?? 'None']}
          disabled={work.isPending}
          onOptionSelect={(_, d) =>
            d.optionValue &&
            d.optionValue !== now.current_stage &&
            void does(`Stage is ${d.optionValue}`, () => setStage(ws, name, version, d.optionValue!))
          }
        >
          {STAGES.map((s) => (
            <Option key={s} value={s}>
              {s}
            </Option>
          ))}
        </Dropdown>
      </Field>
      <div>
        <Text weight="semibold" block>
          Aliases
        </Text>
        {aliases.length > 0 ? (
          <TagGroup
            aria-label="Aliases"
            className={styles.tags}
            onDismiss={(_, d) =>
              void does(`Alias ${String(d.value)} removed`, () => deleteAlias(ws, name, String(d.value)))
            }
          >
            {aliases.map((a) => (
              <Tag key={a} value={a} size="small" dismissible dismissIcon={{ 'aria-label': 'Remove' }}>
                {a}
              </Tag>
            ))}
          </TagGroup>
        ) : (
          <Text className={styles.none}>None. An alias such as champion moves from version to version.</Text>
        )}
        <form
          className={styles.row}
          onSubmit={onSubmit(() => {
            void does(`Alias ${alias} set`, async () => {
              await setAlias(ws, name, version, alias.trim());
              setAliasText('');
            });
          })}
        >
          <Input
            className={styles.grow}
            size="small"
            aria-label="New alias"
            placeholder="champion"
            value={alias}
            onChange={(_, d) => setAliasText(d.value)}
          />
          <Button size="small" type="submit" disabled={!alias.trim() || work.isPending}>
            Set alias
          </Button>
        </form>
      </div>
      <div>
        <Text weight="semibold" block>
          Tags
        </Text>
        {tags.length > 0 ? (
          <TagGroup
            aria-label="Tags of the version"
            className={styles.tags}
            onDismiss={(_, d) =>
              void does(`Tag ${String(d.value)} removed`, () => deleteVersionTag(ws, name, version, String(d.value)))
            }
          >
            {tags.map((t) => (
              <Tag
                key={t.key}
                value={t.key}
                size="small"
                title={`${t.key}: ${t.value}`}
                style={{ maxWidth: 320, overflow: 'hidden' }}
                dismissible
                dismissIcon={{ 'aria-label': 'Remove' }}
              >
                {t.value ? `${t.key}: ${t.value}` : t.key}
              </Tag>
            ))}
          </TagGroup>
        ) : (
          <Text className={styles.none}>None.</Text>
        )}
        <form
          className={styles.row}
          onSubmit={onSubmit(() => {
            void does(`Tag ${key} set`, async () => {
              await setVersionTag(ws, name, version, key.trim(), value);
              setKey('');
              setValue('');
            });
          })}
        >
          <Input
            className={styles.grow}
            size="small"
            aria-label="Tag's name"
            placeholder="Name"
            value={key}
            onChange={(_, d) => setKey(d.value)}
          />
          <Input
            className={styles.grow}
            size="small"
            aria-label="Tag's value"
            placeholder="Value"
            value={value}
            onChange={(_, d) => setValue(d.value)}
          />
          <Button size="small" type="submit" disabled={!key.trim() || work.isPending}>
            Set tag
          </Button>
        </form>
      </div>
      <form
        onSubmit={onSubmit(() => {
          void does('Description saved', async () => {
            await describeVersion(ws, name, version, text ?? '');
            setText(null);
          });
        })}
      >
        <Field label="Description">
          <Textarea resize="vertical" value={text ?? now.description ?? ''} onChange={(_, d) => setText(d.value)} />
        </Field>
        {text !== null && text !== (now.description ?? '') && (
          <div className={styles.row} style={{ marginTop: 8 }}>
            <Button size="small" type="submit" appearance="primary" disabled={work.isPending}>
              Save
            </Button>
            <Button size="small" onClick={() => setText(null)}>
              Discard
            </Button>
          </div>
        )}
      </form>
    </div>
  );
}
