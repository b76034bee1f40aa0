import { Button, Dialog, ErrorNote, SelectField, TextField } from "@teleneedle/ui";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSites } from "../adminQueries";
import { KINDS, ruleOf } from "./stationForm";
import { type Station, useAddRule } from "./stationQueries";
import { Ticks } from "./Ticks";

/** Adds a rule: which station gets what, of which site. */
export function RuleDialog({ stations, onClose }: { stations: Station[]; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const sites = useSites();
  const add = useAddRule();
  const [isEmpty, setEmpty] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const rule = ruleOf(new FormData(event.currentTarget));
    setEmpty(rule.kinds.length === 0);
    if (rule.kinds.length > 0) add.mutate(rule, { onSuccess: onClose });
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("rules.add")} description={t("rules.addText")}>
      <form onSubmit={submit} className="flex flex-col gap-3">
        <SelectField label={t("rules.station")} name="station_id" required>
          {stations.map(({ id, ae_title }) => (
            <option key={id} value={id}>
              {ae_title}
            </option>
          ))}
        </SelectField>
        <Ticks
          label={t("rules.kinds")}
          name="kinds"
          options={KINDS.map((kind) => ({ key: kind, label: t(`rules.kind.${kind}`) }))}
        />
        {isEmpty && (
          <p role="alert" className="text-label text-stop">
            <span aria-hidden>✖ </span>
            {t("rules.noKind")}
          </p>
        )}
        <SelectField label={t("rules.site")} name="site_id">
          <option value="">{t("rules.anySite")}</option>
          {sites.data
            ?.filter((site) => site.kind === "hospital")
            .map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
        </SelectField>
        <TextField
          label={t("rules.modality")}
          hint={t("rules.modalityHint")}
          name="modality"
          maxLength={16}
          pattern="[A-Za-z0-9_]*"
        />
        <ErrorNote error={add.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="submit" look="primary" isBusy={add.isPending}>
            {t("rules.add")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
