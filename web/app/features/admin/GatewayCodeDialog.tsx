import { useFormat } from "@app/i18n/useFormat";
import { Banner, Button, Dialog, ErrorNote, SelectField, TextField } from "@teleneedle/ui";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { type GatewayCode, useMakeCode, useSites } from "./adminQueries";

/** Makes a one-time code for a hospital's gateway; it is shown here, once, with what to do with it. */
export function GatewayCodeDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("admin");
  const sites = useSites();
  const make = useMakeCode();
  const hospitals = sites.data?.filter((site) => site.is_active !== false && site.kind === "hospital") ?? [];
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    make.mutate({ site_id: String(form.get("site_id")), name: String(form.get("name")) });
  };
  if (make.data) return <CodeShown made={make.data} onClose={onClose} />;
  return (
    <Dialog isOpen onClose={onClose} title={t("gateways.make")} description={t("gateways.makeText")}>
      <form onSubmit={submit} className="flex flex-col gap-3">
        <SelectField label={t("people.site")} name="site_id" required>
          {hospitals.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
        <TextField label={t("gateways.name")} hint={t("gateways.nameHint")} name="name" maxLength={100} />
        <ErrorNote error={make.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="submit" look="primary" isBusy={make.isPending}>
            {t("gateways.make")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function CodeShown({ made, onClose }: { made: GatewayCode; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const format = useFormat();
  const address = `https://${t("gateways.hubAddress")}:${made.link_port}`;
  const command = `teleneedle edge enrol --folder ${t("gateways.folder")} --hub ${address} --code ${made.code}`;
  return (
    <Dialog isOpen onClose={onClose} title={made.name}>
      <div className="flex flex-col gap-3">
        {made.link_port === 0 && <Banner mark="stop" title={t("gateways.closed")} />}
        <Banner mark="warn" title={t("gateways.onceTitle")}>
          {t("gateways.onceText", { until: format.dateTime(made.expires_at) })}
        </Banner>
        <TextField
          label={t("gateways.code")}
          readOnly
          value={made.code}
          className="font-mono"
          onFocus={(event) => event.target.select()}
        />
        <TextField
          label={t("gateways.command")}
          readOnly
          value={command}
          className="font-mono"
          onFocus={(event) => event.target.select()}
        />
        <div className="flex justify-end gap-2">
          {window.isSecureContext && (
            <Button onClick={() => void navigator.clipboard.writeText(command)}>{t("tokens.copy")}</Button>
          )}
          <Button look="primary" onClick={onClose}>
            {t("gateways.done")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
