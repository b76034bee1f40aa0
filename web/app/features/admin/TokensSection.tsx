import { useFormat } from "@app/i18n/useFormat";
import { Loading } from "@app/shell/Fallbacks";
import { Button, type Column, EmptyState, ErrorNote, Section, StateMark, Table } from "@teleneedle/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ApiToken, useRevokeToken, useSites, useTokens } from "./adminQueries";
import { NewTokenDialog } from "./NewTokenDialog";
import { RevokeDialog } from "./RevokeDialog";
import { tokenState } from "./tokenState";

/** Machines that may come in: a gateway, a FHIR or DICOMweb client. */
export function TokensSection() {
  const { t } = useTranslation("admin");
  const tokens = useTokens();
  const [isIssuing, setIssuing] = useState(false);
  const [revoked, setRevoked] = useState<ApiToken | null>(null);
  const revoke = useRevokeToken();
  const leave = () => {
    revoke.reset();
    setRevoked(null);
  };
  const columns = useColumns(setRevoked);
  return (
    <Section
      title={t("tabs.tokens")}
      actions={<Button onClick={() => setIssuing(true)}>{t("tokens.issue")}</Button>}
    >
      <p className="mb-3 text-quiet">{t("tokens.text")}</p>
      <ErrorNote error={tokens.error} onRetry={() => void tokens.refetch()} />
      {tokens.isPending && <Loading />}
      {tokens.data?.length === 0 && <EmptyState title={t("tokens.none")} />}
      {tokens.data && tokens.data.length > 0 && (
        <Table caption={t("tabs.tokens")} rows={tokens.data} rowKey={(token) => token.id} columns={columns} />
      )}
      {isIssuing && <NewTokenDialog onClose={() => setIssuing(false)} />}
      {revoked && <RevokeDialog of={revoked} kind="tokens" revoke={revoke} onClose={leave} />}
    </Section>
  );
}

const MARKS = { live: "ok", expired: "unknown", revoked: "stop" } as const;

function useColumns(onRevoke: (token: ApiToken) => void): Column<ApiToken>[] {
  const { t } = useTranslation(["admin", "session"]);
  const format = useFormat();
  const sites = useSites();
  const siteName = (id: string) => sites.data?.find((site) => site.id === id)?.name ?? id;
  return [
    { key: "name", head: t("tokens.name"), cell: (token) => token.name },
    {
      key: "role",
      head: t("people.role"),
      cell: (token) => (
        <>
          {t(`session:roles.${token.role}`)} <span className="text-quiet">· {siteName(token.site_id)}</span>
        </>
      ),
    },
    {
      key: "state",
      head: t("tokens.state"),
      cell: (token) => {
        const state = tokenState(token, new Date());
        return <StateMark mark={MARKS[state]}>{t(`tokens.states.${state}`)}</StateMark>;
      },
    },
    { key: "expires", head: t("tokens.expires"), cell: (token) => format.dateTime(token.expires_at) },
    {
      key: "used",
      head: t("tokens.lastUsed"),
      cell: (token) => (token.last_used_at ? format.dateTime(token.last_used_at) : t("tokens.neverUsed")),
    },
    { key: "by", head: t("tokens.issuedBy"), className: "text-quiet", cell: (token) => token.created_by },
    {
      key: "act",
      head: <span className="sr-only">{t("tokens.revoke")}</span>,
      isNumber: true,
      cell: (token) =>
        token.revoked_at ? null : <Button onClick={() => onRevoke(token)}>{t("tokens.revoke")}</Button>,
    },
  ];
}
