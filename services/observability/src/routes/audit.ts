import { FILTERS } from '@hookline/contracts/api';
import { auditItem, auditLog, exportAuditLog } from '../read/audit-log.ts';
import { readPageRequest } from '../read/page-request.ts';
import type { Reader } from '../read/reader.ts';
import { list, type Route } from './route.ts';

/** Who changed what. */
export function auditRoutes(reader: Reader): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/audit-log',
      scope: 'audit:read',
      async answer({ tenant, query }) {
        const request = readPageRequest(query, { filters: FILTERS.auditLog });
        // The first page before the answer begins, so that what is wrong can still be said.
        const page = await auditLog(reader, tenant, request);
        if (request.filters['format'] !== 'ndjson') return list(page, page.rows.map(auditItem));
        return { mediaType: 'application/x-ndjson', parts: exportAuditLog(reader, tenant, request, page) };
      },
    },
  ];
}
