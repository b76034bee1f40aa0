import type { Role, Site } from "@teleneedle/protocol";
import { Button, Dialog, ErrorNote, SelectField, TextField } from "@teleneedle/ui";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type PersonRecord, useSavePerson } from "./adminQueries";
import { type RoleAtSite, RolesField } from "./RolesField";
import { SecondFactorField } from "./SecondFactorField";

interface PersonDialogProps {
  person: PersonRecord | null;
  sites: Site[];
  onClose: () => void;
}

/** Adds somebody, or changes their name, roles, password or state. */
export function PersonDialog({ person, sites, onClose }: PersonDialogProps) {
  const { t } = useTranslation("admin");
  const [roles, setRoles] = useState<RoleAtSite[]>(
    person?.memberships ?? [{ site_id: sites[0]?.id ?? "", role: "expert" as Role }],
  );
  const save = useSavePerson();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get("name"));
    const password = String(form.get("password"));
    const given = password ? { password } : {};
    const hasNewRoles = JSON.stringify(roles) !== JSON.stringify(person?.memberships);
    save.mutate(
      person
        ? {
            id: person.id,
            name,
            ...given,
            is_active: form.get("state") === "active",
            ...(hasNewRoles ? { memberships: roles } : {}),
          }
        : {
            name,
            ...given,
            email: String(form.get("email")),
            locale: String(form.get("locale")),
            memberships: roles,
          },
      { onSuccess: onClose },
    );
  };
  return (
    <Dialog
      isOpen
      isWide
      onClose={onClose}
      title={person?.name ?? t("people.add")}
      description={person ? t("people.endsSessions") : undefined}
    >
      <form onSubmit={submit} className="grid gap-3 sm:grid-cols-2">
        <TextField
          label={t("people.name")}
          name="name"
          defaultValue={person?.name}
          required
          maxLength={200}
        />
        <TextField
          label={t("people.email")}
          name="email"
          type="email"
          defaultValue={person?.email}
          disabled={person !== null}
          required
        />
        <TextField
          label={t(person ? "people.newPassword" : "people.password")}
          hint={t("people.passwordHint")}
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={10}
          required={person === null}
        />
        {person ? (
          <SelectField
            label={t("people.state")}
            name="state"
            defaultValue={person.is_active ? "active" : "inactive"}
          >
            <option value="active">{t("active")}</option>
            <option value="inactive">{t("inactive")}</option>
          </SelectField>
        ) : (
          <SelectField label={t("people.language")} name="locale" defaultValue="zh">
            <option value="zh">中文</option>
            <option value="en">English</option>
          </SelectField>
        )}
        <div className="sm:col-span-2">
          <RolesField roles={roles} sites={sites} onChange={setRoles} />
        </div>
        {person?.has_totp && (
          <div className="sm:col-span-2">
            <SecondFactorField personId={person.id} onDone={onClose} />
          </div>
        )}
        <div className="sm:col-span-2">
          <ErrorNote error={save.error} />
        </div>
        <div className="flex justify-end gap-2 sm:col-span-2">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="submit" look="primary" isBusy={save.isPending}>
            {t("save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
