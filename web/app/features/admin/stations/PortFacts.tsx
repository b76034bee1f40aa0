import { Loading } from "@app/shell/Fallbacks";
import { Banner, ErrorNote, Fact } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { useDicomPort } from "./stationQueries";

/** What a station must be told of this hub, or that the hub takes none. */
export function PortFacts() {
  const { t } = useTranslation("admin");
  const { data: port, ...state } = useDicomPort();
  if (state.isPending) return <Loading />;
  if (!port) return <ErrorNote error={state.error} onRetry={() => void state.refetch()} />;
  if (port.port === 0)
    return (
      <Banner mark="warn" title={t("stations.off")}>
        {t("stations.offText")}
      </Banner>
    );
  return (
    <dl className="max-w-md">
      <Fact name={t("stations.ownTitle")}>
        <span className="font-mono">{port.ae_title}</span>
      </Fact>
      <Fact name={t("stations.ownAddress")}>
        <span className="font-mono">
          {port.host}:{port.port}
        </span>
      </Fact>
      <Fact name={t("stations.tls")}>{t(port.has_tls ? "stations.ownTls" : "stations.plain")}</Fact>
    </dl>
  );
}
