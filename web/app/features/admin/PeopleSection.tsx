import { Loading } from "@app/shell/Fallbacks";
import { Button, EmptyState, ErrorNote, Section, StateMark, Table } from "@teleneedle/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type PersonRecord, usePeople, useSites } from "./adminQueries";
import { PersonDialog } from "./PersonDialog";

export function PeopleSection() {
  const { t } = useTranslation(["admin", "session"]);
  const people = usePeople();
  const sites = useSites();
  const [edited, setEdited] = useState<PersonRecord | "new" | null>(null);
  const siteName = (id: string) => sites.data?.find((site) => site.id === id)?.name ?? id;
  return (
    <Section
      title={t("tabs.people")}
      actions={<Button onClick={() => setEdited("new")}>{t("people.add")}</Button>}
    >
      <ErrorNote error={people.error} onRetry={() => void people.refetch()} />
      {people.isPending && <Loading />}
      {people.data?.length === 0 && <EmptyState title={t("people.none")} />}
      {people.data && people.data.length > 0 && (
        <Table
          caption={t("tabs.people")}
          rows={people.data}
          rowKey={(person) => person.id}
          columns={[
            { key: "name", head: t("people.name"), cell: (person) => person.name },
            { key: "email", head: t("people.email"), cell: (person) => person.email },
            {
              key: "roles",
              head: t("people.roles"),
              cell: (person) =>
                person.memberships.length === 0 ? (
                  <span className="text-quiet">{t("people.noRoles")}</span>
                ) : (
                  person.memberships.map((one) => (
                    <span key={`${one.site_id}-${one.role}`} className="block">
                      {t(`session:roles.${one.role}`)}{" "}
                      <span className="text-quiet">· {siteName(one.site_id)}</span>
                    </span>
                  ))
                ),
            },
            {
              key: "state",
              head: t("people.state"),
              cell: (person) => (
                <>
                  <StateMark mark={person.is_active ? "ok" : "unknown"}>
                    {t(person.is_active ? "active" : "inactive")}
                  </StateMark>
                  {person.has_totp && (
                    <span className="block text-label text-quiet">{t("people.twoFactor")}</span>
                  )}
                </>
              ),
            },
            {
              key: "edit",
              head: <span className="sr-only">{t("edit")}</span>,
              isNumber: true,
              cell: (person) => <Button onClick={() => setEdited(person)}>{t("edit")}</Button>,
            },
          ]}
        />
      )}
      {edited && (
        <PersonDialog
          person={edited === "new" ? null : edited}
          sites={sites.data ?? []}
          onClose={() => setEdited(null)}
        />
      )}
    </Section>
  );
}
