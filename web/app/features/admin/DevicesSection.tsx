import { hub } from "@app/hub/hub";
import { keys, queryClient, useDevices } from "@app/hub/queries";
import { useSession } from "@app/hub/useSession";
import { Loading } from "@app/shell/Fallbacks";
import { useMutation } from "@tanstack/react-query";
import type { Device } from "@teleneedle/protocol";
import {
  Button,
  Dialog,
  EmptyState,
  ErrorNote,
  Section,
  StateMark,
  Table,
  TextArea,
  TextField,
  useText,
} from "@teleneedle/ui";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

const renew = () => void queryClient.invalidateQueries({ queryKey: keys.devices });

/** Where each device's numbers come from, and who compared them with the manufacturer's. */
export function DevicesSection() {
  const { t } = useTranslation(["admin", "cases"]);
  const text = useText();
  const devices = useDevices();
  const [verified, setVerified] = useState<Device | null>(null);
  const withdraw = useMutation({
    mutationFn: (id: string) =>
      hub.call("DELETE", `/api/admin/devices/${encodeURIComponent(id)}/verification`),
    onSuccess: renew,
  });
  return (
    <Section title={t("tabs.devices")}>
      <ErrorNote error={devices.error ?? withdraw.error} onRetry={() => void devices.refetch()} />
      {devices.isPending && <Loading />}
      {devices.data?.length === 0 && <EmptyState title={t("devices.none")} />}
      {devices.data && devices.data.length > 0 && (
        <Table
          caption={t("tabs.devices")}
          rows={devices.data}
          rowKey={(device) => device.id}
          columns={[
            {
              key: "name",
              head: t("devices.name"),
              cell: (device) => (
                <>
                  {text(device.name)}
                  <span className="block text-label text-quiet">
                    {t("devices.settings", { count: device.settings?.length ?? 0 })}
                  </span>
                </>
              ),
            },
            {
              key: "modality",
              head: t("devices.modality"),
              cell: (device) => t(`cases:modality.${device.modality}`),
            },
            {
              key: "gauge",
              head: t("devices.gauge"),
              isNumber: true,
              cell: (device) => (typeof device.gauge === "number" ? `${device.gauge} G` : device.gauge),
            },
            {
              key: "length",
              head: t("devices.length"),
              isNumber: true,
              cell: (device) => `${device.usable_length_mm} mm`,
            },
            {
              key: "provenance",
              head: t("devices.provenance"),
              className: "max-w-96 text-quiet",
              cell: (device) => text(device.provenance),
            },
            {
              key: "verification",
              head: t("devices.verification"),
              cell: (device) => (
                <StateMark mark={device.is_verified ? "ok" : "warn"}>
                  {device.is_verified
                    ? t("devices.verified", { name: device.verified_by ?? "" })
                    : t("devices.unverified")}
                </StateMark>
              ),
            },
            {
              key: "act",
              head: <span className="sr-only">{t("devices.verify")}</span>,
              isNumber: true,
              cell: (device) =>
                device.is_verified ? (
                  <Button isBusy={withdraw.isPending} onClick={() => withdraw.mutate(device.id)}>
                    {t("devices.withdraw")}
                  </Button>
                ) : (
                  <Button onClick={() => setVerified(device)}>{t("devices.verify")}</Button>
                ),
            },
          ]}
        />
      )}
      {verified && <VerificationDialog device={verified} onClose={() => setVerified(null)} />}
    </Section>
  );
}

function VerificationDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const text = useText();
  const { person } = useSession();
  const verify = useMutation({
    mutationFn: (body: { verified_by: string; note: string }) =>
      hub.call("PUT", `/api/admin/devices/${encodeURIComponent(device.id)}/verification`, { body }),
    onSuccess: () => {
      renew();
      onClose();
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    verify.mutate({ verified_by: String(form.get("verified_by")), note: String(form.get("note")) });
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("devices.verifyTitle", { name: text(device.name) })}
      description={t("devices.verifyText")}
    >
      <form onSubmit={submit} className="flex flex-col gap-3">
        <TextField label={t("devices.verifiedBy")} name="verified_by" defaultValue={person.name} required />
        <TextArea label={t("devices.note")} name="note" required />
        <ErrorNote error={verify.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="submit" look="primary" isBusy={verify.isPending}>
            {t("devices.verify")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
