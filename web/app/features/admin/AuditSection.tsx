import { hub } from "@app/hub/hub";
import { useFormat } from "@app/i18n/useFormat";
import { Loading } from "@app/shell/Fallbacks";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import type { AuditRecord } from "@teleneedle/protocol";
import {
  Button,
  type Column,
  EmptyState,
  ErrorNote,
  Section,
  SelectField,
  StateMark,
  Table,
  TextField,
} from "@teleneedle/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePeople } from "./adminQueries";

interface AuditPage {
  items: AuditRecord[];
  next: string | number | null;
}

/** Who looked at or changed what, newest first, and whether the record itself is whole. */
export function AuditSection() {
  const { t } = useTranslation("admin");
  const people = usePeople();
  const [personId, setPersonId] = useState("");
  const [caseId, setCaseId] = useState("");
  const columns = useColumns();
  const audit = useInfiniteQuery({
    queryKey: ["admin", "audit", personId, caseId],
    initialPageParam: "" as string | number,
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams();
      if (personId) params.set("person_id", personId);
      if (caseId) params.set("case_id", caseId);
      if (pageParam) params.set("cursor", String(pageParam));
      return hub.get<AuditPage>(`/api/admin/audit?${params}`, { signal });
    },
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const rows = audit.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section title={t("tabs.audit")} actions={<ChainVerification />}>
      <div className="mb-3 flex flex-wrap gap-3">
        <SelectField
          label={t("audit.person")}
          className="w-56"
          value={personId}
          onChange={(event) => setPersonId(event.target.value)}
        >
          <option value="">{t("audit.all")}</option>
          {people.data?.map((person) => (
            <option key={person.id} value={person.id}>
              {person.name}
            </option>
          ))}
        </SelectField>
        <TextField
          label={t("audit.caseId")}
          className="w-72"
          value={caseId}
          onChange={(event) => setCaseId(event.target.value.trim())}
        />
      </div>
      <ErrorNote error={audit.error} onRetry={() => void audit.refetch()} />
      {audit.isPending && <Loading />}
      {audit.data && rows.length === 0 && <EmptyState title={t("audit.none")} />}
      {rows.length > 0 && (
        <Table caption={t("tabs.audit")} columns={columns} rows={rows} rowKey={(row) => String(row.seq)} />
      )}
      {audit.hasNextPage && (
        <div className="pt-3 text-center">
          <Button isBusy={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
            {t("audit.more")}
          </Button>
        </div>
      )}
    </Section>
  );
}

function ChainVerification() {
  const { t } = useTranslation("admin");
  const verify = useMutation({
    mutationFn: () =>
      hub.get<{ ok: boolean; records: number; first_broken_seq: number | null }>(
        "/api/admin/audit/verification",
      ),
  });
  return (
    <>
      <ErrorNote error={verify.error} />
      {verify.data && (
        <StateMark mark={verify.data.ok ? "ok" : "stop"}>
          {verify.data.ok
            ? t("audit.ok", { count: verify.data.records })
            : t("audit.broken", { seq: verify.data.first_broken_seq ?? 0 })}
        </StateMark>
      )}
      <Button isBusy={verify.isPending} onClick={() => verify.mutate()}>
        {t("audit.verify")}
      </Button>
    </>
  );
}

function useColumns(): Column<AuditRecord>[] {
  const { t } = useTranslation("admin");
  const format = useFormat();
  const name = (person: AuditRecord["person"]) => (typeof person === "object" ? person?.name : person);
  return [
    { key: "seq", head: "#", isNumber: true, className: "text-quiet", cell: (row) => row.seq },
    {
      key: "at",
      head: t("audit.at"),
      className: "whitespace-nowrap",
      cell: (row) => format.dateTime(row.at),
    },
    { key: "person", head: t("audit.person"), cell: (row) => name(row.person) || t("audit.system") },
    { key: "action", head: t("audit.action"), cell: (row) => row.action },
    {
      key: "object",
      head: t("audit.object"),
      className: "max-w-96 font-mono text-label break-all text-quiet",
      cell: (row) => row.object,
    },
    {
      key: "outcome",
      head: t("audit.outcome"),
      cell: (row) => <Outcome outcome={row.outcome} />,
    },
    { key: "address", head: t("audit.address"), className: "text-quiet", cell: (row) => row.address },
  ];
}

const OUTCOMES = { done: "ok", refused: "stop", failed: "warn" } as const;

function Outcome({ outcome }: { outcome: string }) {
  const { t } = useTranslation("admin");
  if (outcome !== "done" && outcome !== "refused" && outcome !== "failed") return outcome;
  return <StateMark mark={OUTCOMES[outcome]}>{t(`audit.outcomes.${outcome}`)}</StateMark>;
}
