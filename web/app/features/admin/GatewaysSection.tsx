import { useFormat } from "@app/i18n/useFormat";
import { Loading } from "@app/shell/Fallbacks";
import {
  Button,
  type Column,
  Dialog,
  EmptyState,
  ErrorNote,
  type Mark,
  Section,
  StateMark,
  Table,
  TextField,
} from "@teleneedle/ui";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Gateway, useGateways, useRenameGateway, useRevokeGateway, useSites } from "./adminQueries";
import { FormEnd } from "./FormEnd";
import { GatewayCodeDialog } from "./GatewayCodeDialog";
import { RevokeDialog } from "./RevokeDialog";

type State = "connected" | "away" | "revoked";
const MARKS: Record<State, Mark> = { connected: "ok", away: "unknown", revoked: "stop" };

/** Hospitals' gateways: how they do, who may join, who may not any more. */
export function GatewaysSection() {
  const { t } = useTranslation("admin");
  const gateways = useGateways();
  const [isMaking, setMaking] = useState(false);
  const [renamed, setRenamed] = useState<Gateway | null>(null);
  const [revoked, setRevoked] = useState<Gateway | null>(null);
  const revoke = useRevokeGateway();
  const leave = () => {
    revoke.reset();
    setRevoked(null);
  };
  const columns = useColumns(setRenamed, setRevoked);
  return (
    <Section
      title={t("tabs.gateways")}
      actions={<Button onClick={() => setMaking(true)}>{t("gateways.make")}</Button>}
    >
      <p className="mb-3 text-quiet">{t("gateways.text")}</p>
      <ErrorNote error={gateways.error} onRetry={() => void gateways.refetch()} />
      {gateways.isPending && <Loading />}
      {gateways.data?.length === 0 && <EmptyState title={t("gateways.none")} />}
      {gateways.data && gateways.data.length > 0 && (
        <Table
          caption={t("tabs.gateways")}
          rows={gateways.data}
          rowKey={(gateway) => gateway.id}
          columns={columns}
        />
      )}
      {isMaking && <GatewayCodeDialog onClose={() => setMaking(false)} />}
      {renamed && <RenameDialog gateway={renamed} onClose={() => setRenamed(null)} />}
      {revoked && <RevokeDialog of={revoked} kind="gateways" revoke={revoke} onClose={leave} />}
    </Section>
  );
}

function stateOf(gateway: Gateway): State {
  if (gateway.revoked_at) return "revoked";
  return gateway.is_connected ? "connected" : "away";
}

function useColumns(
  onRename: (gateway: Gateway) => void,
  onRevoke: (gateway: Gateway) => void,
): Column<Gateway>[] {
  const { t } = useTranslation("admin");
  const format = useFormat();
  const sites = useSites();
  return [
    {
      key: "name",
      head: t("gateways.name"),
      cell: (gateway) => (
        <>
          {gateway.name}{" "}
          <span className="text-quiet">
            · {sites.data?.find((site) => site.id === gateway.site_id)?.name ?? gateway.site_id}
          </span>
        </>
      ),
    },
    {
      key: "state",
      head: t("gateways.state"),
      cell: (gateway) => {
        const state = stateOf(gateway);
        return <StateMark mark={MARKS[state]}>{t(`gateways.states.${state}`)}</StateMark>;
      },
    },
    {
      key: "seen",
      head: t("gateways.lastSeen"),
      cell: ({ last_seen_at }) => (last_seen_at ? format.dateTime(last_seen_at) : t("gateways.never")),
    },
    {
      key: "rate",
      head: t("gateways.rate"),
      isNumber: true,
      cell: (gateway) => `${format.bytes(Math.round(gateway.rate_bytes_per_s))}/s`,
    },
    {
      key: "clock",
      head: t("gateways.clock"),
      isNumber: true,
      cell: ({ clock_difference_s: value }) =>
        value === null ? "–" : t("gateways.seconds", { value: format.number(value) }),
    },
    {
      key: "ends",
      head: t("gateways.ends"),
      cell: ({ certificate_ends_at }) => (certificate_ends_at ? format.date(certificate_ends_at) : "–"),
    },
    {
      key: "act",
      head: <span className="sr-only">{t("edit")}</span>,
      isNumber: true,
      cell: (gateway) =>
        gateway.revoked_at ? null : (
          <span className="inline-flex gap-2">
            <Button onClick={() => onRename(gateway)}>{t("gateways.rename")}</Button>
            <Button onClick={() => onRevoke(gateway)}>{t("gateways.revoke")}</Button>
          </span>
        ),
    },
  ];
}

function RenameDialog({ gateway, onClose }: { gateway: Gateway; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const rename = useRenameGateway();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name"));
    rename.mutate({ id: gateway.id, name }, { onSuccess: onClose });
  };
  return (
    <Dialog isOpen onClose={onClose} title={gateway.name}>
      <form onSubmit={submit} className="flex flex-col gap-3">
        <TextField
          label={t("gateways.name")}
          name="name"
          defaultValue={gateway.name}
          required
          maxLength={100}
        />
        <FormEnd saving={rename} onClose={onClose} />
      </form>
    </Dialog>
  );
}
