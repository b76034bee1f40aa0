import type { Role, Site } from "@teleneedle/protocol";
import { Button, controlLook } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";

export interface RoleAtSite {
  site_id: string;
  role: Role;
}

const AT_CENTRE: Role[] = ["expert", "mdt", "observer", "admin"];
const AT_HOSPITAL: Role[] = ["operator", "technologist", "observer"];

/** Roles that a person or machine may have at a site of this kind. */
export const rolesAt = (site: Site | undefined): Role[] =>
  site?.kind === "hospital" ? AT_HOSPITAL : AT_CENTRE;

interface RolesFieldProps {
  roles: RoleAtSite[];
  sites: Site[];
  onChange: (roles: RoleAtSite[]) => void;
}

/** Which role a person has at which site; experts, MDT members and administrators belong to the centre. */
export function RolesField({ roles, sites, onChange }: RolesFieldProps) {
  const { t } = useTranslation(["admin", "session"]);
  const change = (index: number, next: RoleAtSite) => {
    const allowed = rolesAt(sites.find(({ id }) => id === next.site_id));
    const role = allowed.includes(next.role) ? next.role : (allowed[0] ?? next.role);
    onChange(roles.map((one, at) => (at === index ? { ...next, role } : one)));
  };
  const add = () =>
    onChange([...roles, { site_id: sites[0]?.id ?? "", role: rolesAt(sites[0])[0] ?? "observer" }]);
  return (
    <fieldset>
      <legend className="mb-1 text-label text-quiet">{t("people.roles")}</legend>
      <div className="flex flex-col gap-2">
        {roles.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its place; two may be alike while one edits.
          <div key={index} className="flex gap-2">
            <select
              aria-label={t("people.site")}
              className={controlLook}
              value={one.site_id}
              onChange={(event) => change(index, { ...one, site_id: event.target.value })}
            >
              {sites.map((site) => (
                <option key={site.id} value={site.id}>
                  {site.name}
                </option>
              ))}
            </select>
            <select
              aria-label={t("people.role")}
              className={controlLook}
              value={one.role}
              onChange={(event) => change(index, { ...one, role: event.target.value as Role })}
            >
              {rolesAt(sites.find(({ id }) => id === one.site_id)).map((role) => (
                <option key={role} value={role}>
                  {t(`session:roles.${role}`)}
                </option>
              ))}
            </select>
            <Button look="quiet" onClick={() => onChange(roles.filter((_, at) => at !== index))}>
              {t("people.removeRole")}
            </Button>
          </div>
        ))}
        <Button className="self-start" onClick={add}>
          {t("people.addRole")}
        </Button>
      </div>
    </fieldset>
  );
}
