import { ArrivalsStrip } from "@app/features/arrivals";
import { useCases } from "@app/hub/queries";
import { hasRole, useSession } from "@app/hub/useSession";
import { isoDate } from "@app/i18n/isoDate";
import { useFormat } from "@app/i18n/useFormat";
import { useActions } from "@app/shell/actions";
import { Loading } from "@app/shell/Fallbacks";
import { Page } from "@app/shell/Page";
import type { CaseSummary } from "@teleneedle/protocol";
import { Button, type Column, EmptyState, ErrorNote, Table, useText } from "@teleneedle/ui";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { CaseStateMark } from "./CaseStateMark";
import { FilterBar } from "./FilterBar";
import { ReferralDialog } from "./ReferralDialog";
import { useHospitals } from "./useHospitals";

/** Every case that the person may see, and what each waits for. */
export function WorklistPage() {
  const { t } = useTranslation(["cases", "shell"]);
  const session = useSession();
  const [params, setParams] = useSearchParams();
  const [isReferring, setReferring] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const filter = {
    state: params.get("state") ?? "",
    site_id: params.get("site_id") ?? "",
    q: params.get("q") ?? "",
  };
  const query = useCases(filter);
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const sites = useHospitals();
  const columns = useColumns();
  const mayRefer = sites.length > 0 && hasRole(session, ["operator", "technologist", "expert"]);
  const isFiltered = Boolean(filter.state || filter.site_id || filter.q);
  useActions([
    {
      id: "search-cases",
      group: "case",
      label: t("shell:actions.search"),
      keys: ["/"],
      run: () => search.current?.focus(),
    },
    {
      id: "new-referral",
      group: "case",
      label: t("referral.open"),
      keys: ["n"],
      isEnabled: mayRefer,
      run: () => setReferring(true),
    },
  ]);

  return (
    <Page
      title={t("title")}
      actions={
        mayRefer && (
          <Button look="primary" onClick={() => setReferring(true)}>
            {t("referral.open")}
          </Button>
        )
      }
    >
      <ArrivalsStrip />
      <FilterBar
        searchRef={search}
        filter={filter}
        count={rows.length}
        sites={sites}
        onChange={(next) => setParams(next, { replace: true })}
      />
      {query.error && <ErrorNote error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && !query.error && <Loading />}
      {query.data && (
        <section className="rounded-md border border-line bg-panel">
          {rows.length > 0 ? (
            <Table caption={t("title")} columns={columns} rows={rows} rowKey={(row) => row.id} />
          ) : isFiltered ? (
            <EmptyState
              title={t("emptyFilteredTitle")}
              action={<Button onClick={() => setParams({}, { replace: true })}>{t("clearFilter")}</Button>}
            />
          ) : (
            <EmptyState title={t("emptyTitle")}>
              {hasRole(session, ["expert", "mdt", "operator", "technologist"])
                ? t("emptyText")
                : t("noAccess")}
            </EmptyState>
          )}
          {query.hasNextPage && (
            <div className="p-3 text-center">
              <Button isBusy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                {t("more")}
              </Button>
            </div>
          )}
        </section>
      )}
      <ReferralDialog isOpen={isReferring} sites={sites} onClose={() => setReferring(false)} />
    </Page>
  );
}

function useColumns(): Column<CaseSummary>[] {
  const { t } = useTranslation("cases");
  const text = useText();
  const format = useFormat();
  return [
    {
      key: "patient",
      head: t("columns.patient"),
      cell: (row) => (
        <Link to={`/cases/${row.id}`} className="group block min-w-40 no-underline">
          <span className="font-medium text-ink group-hover:text-accent group-hover:underline">
            {row.patient.name}
          </span>
          <span className="block text-label text-quiet">
            {row.patient.id} · {isoDate(row.patient.birth_date)}
          </span>
        </Link>
      ),
    },
    { key: "hospital", head: t("columns.hospital"), className: "min-w-32", cell: (row) => row.site.name },
    {
      key: "modality",
      head: t("columns.modality"),
      cell: (row) => (
        <span className="block max-w-80 min-w-40">
          {t(`modality.${row.modality}`)}
          <span className="block truncate text-label text-quiet" title={row.indication}>
            {row.indication}
          </span>
        </span>
      ),
    },
    { key: "state", head: t("columns.state"), cell: (row) => <CaseStateMark state={row.state} /> },
    {
      key: "next",
      head: t("columns.next"),
      className: "min-w-40",
      cell: (row) => text(row.next_action) || t("nothingNext"),
    },
    {
      key: "updated",
      head: t("columns.updated"),
      isNumber: true,
      className: "text-quiet",
      cell: (row) => format.dateTime(row.updated_at),
    },
  ];
}
