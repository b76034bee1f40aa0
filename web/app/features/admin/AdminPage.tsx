import { useHasRole } from "@app/hub/useSession";
import { Page } from "@app/shell/Page";
import { Banner, Tabs } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { AuditSection } from "./AuditSection";
import { DevicesSection } from "./DevicesSection";
import { GatewaysSection } from "./GatewaysSection";
import { LimitsSection } from "./LimitsSection";
import { PeopleSection } from "./PeopleSection";
import { SitesSection } from "./SitesSection";
import { StationsSection } from "./stations/StationsSection";
import { TokensSection } from "./TokensSection";

const SECTIONS = {
  sites: SitesSection,
  people: PeopleSection,
  gateways: GatewaysSection,
  stations: StationsSection,
  tokens: TokensSection,
  devices: DevicesSection,
  limits: LimitsSection,
  audit: AuditSection,
} as const;
type SectionName = keyof typeof SECTIONS;

/** Sites, people, gateways, stations, devices, limits and the audit record. */
export function AdminPage() {
  const { t } = useTranslation("admin");
  const navigate = useNavigate();
  const isAdmin = useHasRole("admin");
  const { section } = useParams();
  if (!isAdmin)
    return (
      <Page title={t("title")}>
        <Banner mark="stop" title={t("onlyAdmin")} />
      </Page>
    );
  const shown: SectionName = section && section in SECTIONS ? (section as SectionName) : "sites";
  return (
    <Page title={t("title")}>
      <Tabs
        label={t("title")}
        value={shown}
        onChange={(key) => navigate(`/admin/${key}`)}
        tabs={(Object.keys(SECTIONS) as SectionName[]).map((key) => {
          const Content = SECTIONS[key];
          return { key, label: t(`tabs.${key}`), content: <Content /> };
        })}
      />
    </Page>
  );
}
