import { countedLogs, logLines, type DashboardSpec } from './builder.ts';

const ATTEMPTS = '{service="dispatcher"} | json | event="attempt.finished"';

export const logs: DashboardSpec = {
  name: 'logs',
  title: 'logs',
  rows: [
    {
      title: 'Counted',
      panels: [
        countedLogs('Lines, by service', {
          '{{service}}': 'sum by (service) (count_over_time({service=~".+"}[$__auto]))',
        }),
        countedLogs('Warnings and errors', {
          '{{service}} {{level}}': 'sum by (service, level) (count_over_time({level=~"warn|error|fatal"}[$__auto]))',
        }),
        countedLogs('Failed attempts, by class', {
          '{{class}}': `sum by (class) (count_over_time(${ATTEMPTS} | outcome="failed" [$__auto]))`,
        }),
      ],
    },
    {
      title: 'Lines',
      panels: [
        logLines('Warnings and errors', '{level=~"warn|error|fatal"}'),
        logLines(
          'Failed attempts',
          `${ATTEMPTS} | outcome="failed" | line_format "{{.class}} {{.status}} attempt {{.number}} of {{.deliveryId}} to {{.webhookId}}, event {{.eventId}}, trace {{.traceId}}"`,
        ),
        logLines('Everything', '{service=~".+"}'),
      ],
    },
  ],
};
