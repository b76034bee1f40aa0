import { Loading } from "@app/shell/Fallbacks";
import type { Site, SiteKind } from "@teleneedle/protocol";
import {
  Button,
  Dialog,
  EmptyState,
  ErrorNote,
  Section,
  SelectField,
  StateMark,
  Table,
  TextField,
} from "@teleneedle/ui";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSaveSite, useSites } from "./adminQueries";
import { FormEnd } from "./FormEnd";

export function SitesSection() {
  const { t } = useTranslation("admin");
  const sites = useSites();
  const [edited, setEdited] = useState<Partial<Site> | null>(null);
  return (
    <Section
      title={t("tabs.sites")}
      actions={<Button onClick={() => setEdited({ kind: "hospital" })}>{t("sites.add")}</Button>}
    >
      <ErrorNote error={sites.error} onRetry={() => void sites.refetch()} />
      {sites.isPending && <Loading />}
      {sites.data?.length === 0 && <EmptyState title={t("sites.none")} />}
      {sites.data && sites.data.length > 0 && (
        <Table
          caption={t("tabs.sites")}
          rows={sites.data}
          rowKey={(site) => site.id}
          columns={[
            { key: "name", head: t("sites.name"), cell: (site) => site.name },
            { key: "kind", head: t("sites.kind"), cell: (site) => t(`sites.${site.kind}`) },
            {
              key: "state",
              head: t("sites.state"),
              cell: (site) => (
                <StateMark mark={site.is_active === false ? "unknown" : "ok"}>
                  {t(site.is_active === false ? "inactive" : "active")}
                </StateMark>
              ),
            },
            {
              key: "edit",
              head: <span className="sr-only">{t("edit")}</span>,
              isNumber: true,
              cell: (site) => <Button onClick={() => setEdited(site)}>{t("edit")}</Button>,
            },
          ]}
        />
      )}
      {edited && <SiteDialog site={edited} onClose={() => setEdited(null)} />}
    </Section>
  );
}

function SiteDialog({ site, onClose }: { site: Partial<Site>; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const save = useSaveSite();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get("name"));
    const body = site.id
      ? { id: site.id, name, is_active: form.get("state") === "active" }
      : { name, kind: String(form.get("kind")) as SiteKind };
    save.mutate(body, { onSuccess: onClose });
  };
  return (
    <Dialog isOpen onClose={onClose} title={site.name ?? t("sites.add")}>
      <form onSubmit={submit} className="flex flex-col gap-3">
        <TextField label={t("sites.name")} name="name" defaultValue={site.name} required maxLength={200} />
        {site.id ? (
          <SelectField
            label={t("sites.state")}
            name="state"
            defaultValue={site.is_active === false ? "inactive" : "active"}
          >
            <option value="active">{t("active")}</option>
            <option value="inactive">{t("inactive")}</option>
          </SelectField>
        ) : (
          <SelectField label={t("sites.kind")} name="kind" defaultValue={site.kind}>
            <option value="hospital">{t("sites.hospital")}</option>
            <option value="centre">{t("sites.centre")}</option>
          </SelectField>
        )}
        <FormEnd saving={save} onClose={onClose} />
      </form>
    </Dialog>
  );
}
