import type { Role } from "@teleneedle/protocol";
import { Banner, Button, Dialog, ErrorNote, SelectField, TextField } from "@teleneedle/ui";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useIssueToken, useSites } from "./adminQueries";
import { rolesAt } from "./RolesField";

/** Lets a machine in; its token is shown here, once. */
export function NewTokenDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["admin", "session"]);
  const sites = useSites();
  const issue = useIssueToken();
  const [chosen, setChosen] = useState("");
  const inUse = sites.data?.filter((site) => site.is_active !== false) ?? [];
  const site = inUse.find(({ id }) => id === chosen) ?? inUse[0];
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    issue.mutate({
      name: String(form.get("name")),
      site_id: String(form.get("site_id")),
      role: String(form.get("role")) as Role,
      valid_days: Number(form.get("valid_days")),
    });
  };
  if (issue.data)
    return (
      <Dialog isOpen onClose={onClose} title={issue.data.name}>
        <Banner mark="warn" title={t("tokens.onceTitle")}>
          {t("tokens.onceText")}
        </Banner>
        <TextField
          label={t("tokens.token")}
          readOnly
          value={issue.data.token}
          className="font-mono"
          onFocus={(event) => event.target.select()}
        />
        <div className="flex justify-end gap-2">
          {window.isSecureContext && (
            <Button onClick={() => void navigator.clipboard.writeText(issue.data.token)}>
              {t("tokens.copy")}
            </Button>
          )}
          <Button look="primary" onClick={onClose}>
            {t("tokens.kept")}
          </Button>
        </div>
      </Dialog>
    );
  return (
    <Dialog isOpen onClose={onClose} title={t("tokens.issue")} description={t("tokens.text")}>
      <form onSubmit={submit} className="flex flex-col gap-3">
        <TextField
          label={t("tokens.name")}
          hint={t("tokens.nameHint")}
          name="name"
          required
          maxLength={100}
        />
        <SelectField
          label={t("people.site")}
          name="site_id"
          required
          value={site?.id ?? ""}
          onChange={(event) => setChosen(event.target.value)}
        >
          {inUse.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
        <SelectField key={site?.id} label={t("people.role")} name="role" required>
          {rolesAt(site)
            .filter((role) => role !== "admin")
            .map((role) => (
              <option key={role} value={role}>
                {t(`session:roles.${role}`)}
              </option>
            ))}
        </SelectField>
        <TextField
          label={t("tokens.validDays")}
          name="valid_days"
          type="number"
          min={1}
          max={731}
          defaultValue={365}
          required
        />
        <ErrorNote error={issue.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="submit" look="primary" isBusy={issue.isPending}>
            {t("tokens.issue")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
