import { useFormat } from "@app/i18n/useFormat";
import { Loading } from "@app/shell/Fallbacks";
import { Button, type Column, EmptyState, ErrorNote, Section, Table } from "@teleneedle/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSites } from "../adminQueries";
import { RemoveDialog } from "./RemoveDialog";
import { RuleDialog } from "./RuleDialog";
import { type Rule, type Station, useRemoveRule, useRules } from "./stationQueries";

/** What goes to stations by itself. */
export function RulesSection({ stations }: { stations: Station[] }) {
  const { t } = useTranslation("admin");
  const rules = useRules();
  const [isAdding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<Rule | null>(null);
  const columns = useColumns(stations, setRemoved);
  return (
    <Section
      title={t("rules.heading")}
      actions={
        <Button disabled={stations.length === 0} onClick={() => setAdding(true)}>
          {t("rules.add")}
        </Button>
      }
    >
      <p className="mb-3 text-quiet">{t("rules.text")}</p>
      <ErrorNote error={rules.error} onRetry={() => void rules.refetch()} />
      {rules.isPending && <Loading />}
      {rules.data?.length === 0 && <EmptyState title={t("rules.none")} />}
      {rules.data && rules.data.length > 0 && (
        <Table caption={t("rules.heading")} rows={rules.data} rowKey={(rule) => rule.id} columns={columns} />
      )}
      {isAdding && <RuleDialog stations={stations} onClose={() => setAdding(false)} />}
      {removed && <RemoveRule rule={removed} onClose={() => setRemoved(null)} />}
    </Section>
  );
}

function useColumns(stations: Station[], onRemove: (rule: Rule) => void): Column<Rule>[] {
  const { t } = useTranslation("admin");
  const format = useFormat();
  const sites = useSites();
  return [
    {
      key: "station",
      head: t("rules.station"),
      className: "font-mono",
      cell: (rule) => stations.find((one) => one.id === rule.station_id)?.ae_title ?? rule.station_id,
    },
    {
      key: "kinds",
      head: t("rules.kinds"),
      cell: (rule) => rule.kinds.map((kind) => t(`rules.kind.${kind}`)).join(t("stations.comma")),
    },
    {
      key: "site",
      head: t("rules.site"),
      cell: ({ site_id }) =>
        site_id ? (sites.data?.find((one) => one.id === site_id)?.name ?? site_id) : t("rules.anySite"),
    },
    { key: "modality", head: t("rules.modality"), cell: (rule) => rule.modality || t("rules.anyModality") },
    { key: "since", head: t("rules.since"), cell: (rule) => format.dateTime(rule.created_at) },
    { key: "by", head: t("rules.by"), className: "text-quiet", cell: (rule) => rule.created_by },
    {
      key: "act",
      head: <span className="sr-only">{t("stations.remove")}</span>,
      isNumber: true,
      cell: (rule) => <Button onClick={() => onRemove(rule)}>{t("stations.remove")}</Button>,
    },
  ];
}

function RemoveRule({ rule, onClose }: { rule: Rule; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const remove = useRemoveRule();
  return (
    <RemoveDialog
      title={t("rules.removeTitle")}
      text={t("rules.removeText")}
      error={remove.error}
      isBusy={remove.isPending}
      onRemove={() => remove.mutate(rule.id, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}
