/** Asks before runs are deleted or restored, then does it one by one and says which refused. */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Text,
} from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { deleteRun, restoreRun } from '../../api/mlflow';
import { useAnnounce } from '../../app/announce';
import { useWs } from '../../app/workspace';
import { wsPath } from '../../api/arm';
import { ErrorBar } from '../../components/Feedback';
import { count } from '../../lib/format';

export function DeleteRuns({
  ids,
  restore,
  onClose,
}: {
  ids: readonly string[];
  restore: boolean;
  onClose: (done: boolean) => void;
}) {
  const ws = useWs();
  const client = useQueryClient();
  const announce = useAnnounce();
  const runs = count(ids.length, 'run');
  const work = useMutation({
    mutationFn: async () => {
      const refused: string[] = [];
      for (const id of ids) {
        try {
          await (restore ? restoreRun(ws, id) : deleteRun(ws, id));
        } catch (e) {
          refused.push(`${id}: ${e instanceof Error ? e.message : String(e)}`);
        }
      }
      if (refused.length > 0) {
        const rest = refused.length > 3 ? ` And ${refused.length - 3} more.` : '';
        throw new Error(`${count(refused.length, 'run')} refused. ${refused.slice(0, 3).join(' ')}${rest}`);
      }
    },
    onSuccess: () => {
      announce(`${runs} ${restore ? 'restored' : 'deleted'}`);
      onClose(true);
    },
    onSettled: () => client.invalidateQueries({ queryKey: [wsPath(ws), 'runs'] }),
  });
  return (
    <Dialog open onOpenChange={(_, d) => !d.open && !work.isPending && onClose(false)}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>
            {restore ? 'Restore' : 'Delete'} {runs}?
          </DialogTitle>
          <DialogContent>
            <Text block>
              {restore
                ? 'They come back with everything they logged.'
                : 'They leave the lists but can be restored from “Deleted runs”; their files stay until they are deleted for good.'}
            </Text>
            {work.isError && <ErrorBar error={work.error} />}
          </DialogContent>
          <DialogActions>
            <Button disabled={work.isPending} onClick={() => onClose(false)}>
              Close
            </Button>
            <Button appearance="primary" disabled={work.isPending} onClick={() => work.mutate()}>
              {restore ? 'Restore' : 'Delete'} {runs}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
