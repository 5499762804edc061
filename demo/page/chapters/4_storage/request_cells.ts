// A request that another site has made the browser send, as cells of a row.
import type { GridCell } from '../../parts/grid.ts';
import type { CrossSiteRequest } from '../../session/demo_api.ts';

export function requestCells(request: CrossSiteRequest): readonly GridCell[] {
  const { cookies, origin, secFetchSite, status, refusal } = request;
  return [
    cookies.length === 0
      ? { text: 'None: SameSite=Strict held them back', verdict: 'good' }
      : { text: cookies.join(', '), verdict: 'bad' },
    { text: [secFetchSite, origin].filter((part) => part !== null).join(', ') },
    answerCell(status, refusal),
  ];
}

export function answerCell(status: number, refusal: string | null): GridCell {
  return status < 400
    ? { text: `${status}: done` }
    : { text: `${status}: ${refusal ?? 'refused'}`, verdict: 'good' };
}
