import { type CaseStream, useCaseStream } from "@app/hub/caseStream";
import { useCase } from "@app/hub/queries";
import type { Case } from "@teleneedle/protocol";
import { ErrorNote } from "@teleneedle/ui";
import { Outlet, useLocation, useOutletContext, useParams } from "react-router";
import { CaseBar } from "./CaseBar";
import { Loading } from "./Fallbacks";

export interface CaseContext {
  case: Case;
  stream: CaseStream;
}

/** The case that the page is about, and who else has it open. */
export const useCaseContext = (): CaseContext => useOutletContext<CaseContext>();

/** Around every page of a case: the patient on top, the case's places, who else is here. */
export function CaseFrame() {
  const { id = "" } = useParams();
  const place = useLocation().pathname.split("/")[3] ?? "overview";
  const query = useCase(id);
  const stream = useCaseStream(id, place);
  if (query.isPending) return <Loading />;
  if (!query.data)
    return (
      <main id="content" className="p-6">
        <ErrorNote error={query.error} onRetry={() => void query.refetch()} />
      </main>
    );
  const context: CaseContext = { case: query.data, stream };
  return (
    <>
      <CaseBar case={query.data} stream={stream} />
      <Outlet context={context} />
    </>
  );
}
