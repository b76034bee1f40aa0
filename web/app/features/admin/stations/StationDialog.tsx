import { Dialog, SelectField, TextField } from "@teleneedle/ui";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSites } from "../adminQueries";
import { FormEnd } from "../FormEnd";
import { stationOf } from "./stationForm";
import { type Station, useSaveStation } from "./stationQueries";
import { Ticks } from "./Ticks";

interface StationDialogProps {
  /** Without an id: a new one. */
  station: Partial<Station>;
  onClose: () => void;
}

/** Registers a station, or changes it. */
export function StationDialog({ station, onClose }: StationDialogProps) {
  const { t } = useTranslation("admin");
  const save = useSaveStation();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = stationOf(new FormData(event.currentTarget));
    save.mutate({ id: station.id, ...body }, { onSuccess: onClose });
  };
  return (
    <Dialog isOpen onClose={onClose} title={station.ae_title ?? t("stations.add")}>
      <form onSubmit={submit} className="flex flex-col gap-3">
        <Place station={station} />
        <Line station={station} />
        <Sight station={station} />
        {station.id && (
          <SelectField
            label={t("stations.state")}
            name="state"
            defaultValue={station.is_active ? "active" : "inactive"}
          >
            <option value="active">{t("active")}</option>
            <option value="inactive">{t("inactive")}</option>
          </SelectField>
        )}
        <FormEnd saving={save} onClose={onClose} />
      </form>
    </Dialog>
  );
}

type Part = { station: Partial<Station> };

/** What it is called, where it stands, its address. */
function Place({ station }: Part) {
  const { t } = useTranslation("admin");
  const sites = useSites();
  return (
    <>
      <TextField
        label={t("stations.title")}
        hint={t("stations.titleHint")}
        name="ae_title"
        defaultValue={station.ae_title}
        required
        maxLength={16}
      />
      <SelectField
        key={sites.data ? "there" : "coming"}
        label={t("stations.site")}
        name="site_id"
        defaultValue={station.site_id}
        required
      >
        {sites.data
          ?.filter((site) => site.is_active !== false || site.id === station.site_id)
          .map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
      </SelectField>
      <div className="grid grid-cols-[1fr_7rem] gap-3">
        <TextField
          label={t("stations.host")}
          name="host"
          defaultValue={station.host}
          required
          maxLength={253}
        />
        <TextField
          label={t("stations.port")}
          name="port"
          type="number"
          min={1}
          max={65535}
          defaultValue={station.port ?? 104}
          required
        />
      </div>
    </>
  );
}

/** How the line to it is kept safe. */
function Line({ station }: Part) {
  const { t } = useTranslation("admin");
  return (
    <>
      <Ticks
        label={t("stations.tls")}
        hint={t("stations.tlsHint")}
        name="uses_tls"
        options={[{ key: "on", label: t("stations.usesTls") }]}
        ticked={station.uses_tls ? ["on"] : []}
      />
      <TextField
        label={t("stations.certificate")}
        hint={t("stations.certificateHint")}
        name="certificate_sha256"
        defaultValue={station.certificate_sha256}
      />
    </>
  );
}

/** Whose cases it may see. */
function Sight({ station }: Part) {
  const { t } = useTranslation("admin");
  const sites = useSites();
  const [scope, setScope] = useState(station.sees === null ? "all" : "chosen");
  const hospitals = sites.data?.filter((site) => site.kind === "hospital" || station.sees?.includes(site.id));
  return (
    <>
      <SelectField
        label={t("stations.sees")}
        name="scope"
        value={scope}
        onChange={(event) => setScope(event.target.value)}
      >
        <option value="chosen">{t("stations.chosen")}</option>
        <option value="all">{t("stations.everySite")}</option>
      </SelectField>
      {scope === "chosen" && hospitals && (
        <Ticks
          label={t("stations.chosen")}
          hint={t("stations.seesHint")}
          name="sees"
          options={hospitals.map(({ id, name }) => ({ key: id, label: name }))}
          ticked={station.sees ?? []}
        />
      )}
    </>
  );
}
