import { Button, Field, Input, makeStyles, mergeClasses, ProgressBar, Text, tokens } from '@fluentui/react-components';
import { ArrowUploadRegular, DocumentTableRegular } from '@fluentui/react-icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router-dom';
import { useAnnounce } from '../../app/announce';
import { useWs } from '../../app/workspace';
import { ErrorBar } from '../../components/Feedback';
import { Card, Page } from '../../components/Page';
import { bytes, percent } from '../../lib/format';
import { assetNameProblem } from '../../lib/text';
import { fileProblem, uploadData } from './upload';

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: '18px', maxWidth: '640px' },
  drop: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    gap: '8px',
    padding: '36px 20px',
    borderRadius: tokens.borderRadiusXLarge,
    textAlign: 'center',
    border: `2px dashed ${tokens.colorNeutralStroke1}`,
    backgroundColor: tokens.colorNeutralBackground2,
    cursor: 'pointer',
  },
  over: { border: `2px dashed ${tokens.colorBrandStroke1}`, backgroundColor: tokens.colorBrandBackground2 },
  icon: { fontSize: '34px', color: tokens.colorBrandForeground1 },
  actions: { display: 'flex', gap: '10px' },
  hint: { color: tokens.colorNeutralForeground2 },
});

export default function DataUpload() {
  const styles = useStyles();
  const ws = useWs();
  const navigate = useNavigate();
  const announce = useAnnounce();
  const client = useQueryClient();
  const [search] = useSearchParams();
  const fixedName = search.get('name');
  const [file, setFile] = useState<File | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [name, setName] = useState(fixedName ?? '');
  const [description, setDescription] = useState('');
  const [touched, setTouched] = useState(false);
  const [over, setOver] = useState(false);
  const [sent, setSent] = useState(0);
  const picker = useRef<HTMLInputElement>(null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const choose = async (chosen: File | undefined) => {
    if (!chosen) return;
    setFile(chosen);
    setProblem(await fileProblem(chosen));
    if (!name)
      setName(
        chosen.name
          .replace(/\.[^.]+$/, '')
          .replace(/[^A-Za-z0-9._-]+/g, '-')
          .replace(/^[^A-Za-z0-9]+/, ''),
      );
  };
  const upload = useMutation({
    mutationFn: () => {
      abort.current = new AbortController();
      setSent(0);
      return uploadData(ws, { name, description, file: file! }, setSent, abort.current.signal);
    },
    onSuccess: async (version) => {
      announce(`${name} version ${version} is registered`);
      await client.invalidateQueries();
      navigate(`/data/${encodeURIComponent(name)}/${encodeURIComponent(version)}`);
    },
  });
  const nameProblem = assetNameProblem(name);
  const cancelled = upload.error instanceof DOMException && upload.error.name === 'AbortError';
  return (
    <Page title={fixedName ? `New version of ${fixedName}` : 'Upload data'} crumbs={[{ label: 'Data', to: '/data' }]}>
      <Card>
        <form
          className={styles.form}
          onSubmit={(e) => {
            e.preventDefault();
            setTouched(true);
            if (file && !problem && !nameProblem) upload.mutate();
          }}
        >
          <Field
            label="CSV file"
            required
            validationState={problem ? 'error' : 'none'}
            {...(problem
              ? { validationMessage: problem }
              : touched && !file
                ? { validationMessage: 'Choose a file.', validationState: 'error' as const }
                : {})}
          >
            <div
              className={mergeClasses(styles.drop, over && styles.over)}
              onClick={() => picker.current?.click()}
              onDragOver={(e) => (e.preventDefault(), setOver(true))}
              onDragLeave={() => setOver(false)}
              onDrop={(e) => {
                e.preventDefault();
                setOver(false);
                void choose(e.dataTransfer.files[0]);
              }}
            >
              <DocumentTableRegular className={styles.icon} aria-hidden="true" />
              {file ? (
                <Text weight="semibold">
                  {file.name} ({bytes(file.size)})
                </Text>
              ) : (
                <Text>Drop a CSV here, or</Text>
              )}
              <Button type="button" onClick={(e) => (e.stopPropagation(), picker.current?.click())}>
                {file ? 'Choose another' : 'Choose a file'}
              </Button>
              <input
                ref={picker}
                type="file"
                accept=".csv,.tsv,.txt,text/csv"
                hidden
                aria-label="CSV file"
                onChange={(e) => void choose(e.target.files?.[0])}
              />
            </div>
          </Field>
          <Field
            label="Name"
            required
            hint="The asset this becomes a version of."
            {...(touched && nameProblem ? { validationMessage: nameProblem, validationState: 'error' as const } : {})}
          >
            <Input value={name} onChange={(_, d) => setName(d.value)} disabled={!!fixedName} />
          </Field>
          <Field label="Description">
            <Input value={description} onChange={(_, d) => setDescription(d.value)} />
          </Field>
          {upload.isPending && file && (
            <Field
              validationMessage={
                sent < file.size
                  ? `${bytes(sent)} of ${bytes(file.size)} (${percent(sent, file.size)})`
                  : 'Registering the version…'
              }
              validationState="none"
            >
              <ProgressBar {...(sent < file.size ? { value: sent / file.size } : {})} aria-label="Upload" />
            </Field>
          )}
          {upload.isError &&
            (cancelled ? (
              <Text className={styles.hint} role="status">
                The upload was cancelled; nothing was registered.
              </Text>
            ) : (
              <ErrorBar error={upload.error} what="The upload failed" retry={() => upload.mutate()} />
            ))}
          <div className={styles.actions}>
            <Button
              type="submit"
              appearance="primary"
              icon={<ArrowUploadRegular />}
              disabled={upload.isPending || !!problem}
            >
              Upload
            </Button>
            {upload.isPending ? (
              <Button type="button" onClick={() => abort.current?.abort()}>
                Cancel the upload
              </Button>
            ) : (
              <Button type="button" onClick={() => navigate(-1)}>
                Back
              </Button>
            )}
          </div>
        </form>
      </Card>
    </Page>
  );
}
