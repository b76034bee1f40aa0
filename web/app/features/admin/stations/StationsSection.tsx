import { Loading } from "@app/shell/Fallbacks";
import { Button, type Column, EmptyState, ErrorNote, Section, StateMark, Table } from "@teleneedle/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSites } from "../adminQueries";
import { PortFacts } from "./PortFacts";
import { RemoveDialog } from "./RemoveDialog";
import { RulesSection } from "./RulesSection";
import { StationDialog } from "./StationDialog";
import { type Station, useRemoveStation, useStations } from "./stationQueries";

/** DICOM workstations: where they find this hub, which ones may ask, and what is sent to them by itself. */
export function StationsSection() {
  const { t } = useTranslation("admin");
  const stations = useStations();
  const [edited, setEdited] = useState<Partial<Station> | null>(null);
  const [removed, setRemoved] = useState<Station | null>(null);
  const columns = useColumns(setEdited, setRemoved);
  return (
    <div className="flex flex-col gap-4">
      <Section title={t("stations.own")}>
        <PortFacts />
      </Section>
      <Section
        title={t("tabs.stations")}
        actions={<Button onClick={() => setEdited({})}>{t("stations.add")}</Button>}
      >
        <p className="mb-3 text-quiet">{t("stations.text")}</p>
        <ErrorNote error={stations.error} onRetry={() => void stations.refetch()} />
        {stations.isPending && <Loading />}
        {stations.data?.length === 0 && <EmptyState title={t("stations.none")} />}
        {stations.data && stations.data.length > 0 && (
          <Table
            caption={t("tabs.stations")}
            rows={stations.data}
            rowKey={(station) => station.id}
            columns={columns}
          />
        )}
      </Section>
      <RulesSection stations={stations.data ?? []} />
      {edited && <StationDialog station={edited} onClose={() => setEdited(null)} />}
      {removed && <RemoveStation station={removed} onClose={() => setRemoved(null)} />}
    </div>
  );
}

function useColumns(
  onEdit: (station: Station) => void,
  onRemove: (station: Station) => void,
): Column<Station>[] {
  const { t } = useTranslation("admin");
  const sites = useSites();
  const siteOf = (id: string) => sites.data?.find((site) => site.id === id);
  const nameOf = (id: string) => siteOf(id)?.name ?? id;
  const seen = ({ sees }: Station) => {
    if (sees === null) return t("stations.everySite");
    return sees?.length ? sees.map(nameOf).join(t("stations.comma")) : t("stations.nothing");
  };
  const isInUse = (station: Station) => station.is_active && siteOf(station.site_id)?.is_active !== false;
  return [
    {
      key: "title",
      head: t("stations.title"),
      cell: (station) => (
        <>
          <span className="font-mono">{station.ae_title}</span>{" "}
          <span className="text-quiet">· {nameOf(station.site_id)}</span>
        </>
      ),
    },
    {
      key: "address",
      head: t("stations.address"),
      className: "font-mono",
      cell: ({ host, port }) => `${host}:${port}`,
    },
    {
      key: "tls",
      head: t("stations.tls"),
      cell: (station) => (
        <>
          {t(station.uses_tls ? "stations.withTls" : "stations.plain")}
          {station.certificate_sha256 && (
            <span className="text-quiet" title={station.certificate_sha256}>
              {" "}
              · {t("stations.pinned")}
            </span>
          )}
        </>
      ),
    },
    { key: "sees", head: t("stations.sees"), cell: seen },
    {
      key: "state",
      head: t("stations.state"),
      cell: (station) => (
        <StateMark mark={isInUse(station) ? "ok" : "unknown"}>
          {t(isInUse(station) ? "active" : "inactive")}
        </StateMark>
      ),
    },
    {
      key: "act",
      head: <span className="sr-only">{t("edit")}</span>,
      isNumber: true,
      cell: (station) => (
        <span className="inline-flex gap-2">
          <Button onClick={() => onEdit(station)}>{t("edit")}</Button>
          <Button onClick={() => onRemove(station)}>{t("stations.remove")}</Button>
        </span>
      ),
    },
  ];
}

function RemoveStation({ station, onClose }: { station: Station; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const remove = useRemoveStation();
  return (
    <RemoveDialog
      title={t("stations.removeTitle", { name: station.ae_title })}
      text={t("stations.removeText")}
      error={remove.error}
      isBusy={remove.isPending}
      onRemove={() => remove.mutate(station.id, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}
