/** What may be done to a schedule: run it now, switch it on or off, delete it once it is off. */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
  Tooltip,
} from '@fluentui/react-components';
import { DeleteRegular, PauseRegular, PlayCircleRegular, PlayRegular } from '@fluentui/react-icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { deleteSchedule, enableSchedule, triggerSchedule, type ScheduleOverview } from '../../api/schedules';
import { useAnnounce } from '../../app/announce';
import { useWs } from '../../app/workspace';

export function ScheduleActions({
  schedule,
  onError,
}: {
  schedule: ScheduleOverview;
  onError: (error: Error | null) => void;
}) {
  const ws = useWs();
  const client = useQueryClient();
  const announce = useAnnounce();
  const { name } = schedule;
  const enabled = schedule.properties.isEnabled;
  const act = useMutation({
    mutationFn: async ({ work, said }: { work: () => Promise<unknown>; said: string }) => {
      onError(null);
      await work();
      announce(said);
    },
    onError,
    onSettled: () => client.invalidateQueries(),
  });
  const button = (label: string, icon: ReactElement, work: () => Promise<unknown>, said: string) => (
    <Tooltip content={`${label} ${name}`} relationship="label">
      <Button appearance="subtle" icon={icon} disabled={act.isPending} onClick={() => act.mutate({ work, said })} />
    </Tooltip>
  );
  return (
    <span style={{ display: 'inline-flex', gap: 4, whiteSpace: 'nowrap' }}>
      {button('Run', <PlayCircleRegular />, () => triggerSchedule(ws, name), `${name} submitted a job`)}
      {enabled
        ? button('Disable', <PauseRegular />, () => enableSchedule(ws, schedule, false), `${name} is disabled`)
        : button('Enable', <PlayRegular />, () => enableSchedule(ws, schedule, true), `${name} is enabled`)}
      <Dialog>
        <DialogTrigger disableButtonEnhancement>
          <Tooltip content={enabled ? `Delete ${name}: disable it first` : `Delete ${name}`} relationship="label">
            <Button appearance="subtle" icon={<DeleteRegular />} disabled={enabled || act.isPending} />
          </Tooltip>
        </DialogTrigger>
        <DialogSurface>
          <DialogBody>
            <DialogTitle>Delete this schedule?</DialogTitle>
            <DialogContent>{name} and its history go for good. The jobs that it submitted stay.</DialogContent>
            <DialogActions>
              <DialogTrigger disableButtonEnhancement>
                <Button>Keep it</Button>
              </DialogTrigger>
              <DialogTrigger disableButtonEnhancement>
                <Button
                  appearance="primary"
                  onClick={() => act.mutate({ work: () => deleteSchedule(ws, name), said: `${name} is deleted` })}
                >
                  Delete the schedule
                </Button>
              </DialogTrigger>
            </DialogActions>
          </DialogBody>
        </DialogSurface>
      </Dialog>
    </span>
  );
}
