import { Loading } from "@app/shell/Fallbacks";
import type { Limits } from "@teleneedle/protocol";
import { Button, ErrorNote, Section, showToast, TextField } from "@teleneedle/ui";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useLimits, useSaveLimits } from "./adminQueries";

const FIELDS = [
  { key: "max_upload_gb", min: 0.1, max: 1000, step: 0.1 },
  { key: "session_hours", min: 0.5, max: 168, step: 0.5 },
  { key: "retention_years", min: 15, max: 200, step: 1 },
  { key: "media_retention_years", min: 3, max: 200, step: 1 },
] as const;

/** How much, how long: limits of the hub and the years that records are kept. */
export function LimitsSection() {
  const { t } = useTranslation("admin");
  const limits = useLimits();
  const save = useSaveLimits();
  if (limits.isPending) return <Loading />;
  if (!limits.data) return <ErrorNote error={limits.error} onRetry={() => void limits.refetch()} />;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = Object.fromEntries(FIELDS.map(({ key }) => [key, Number(form.get(key))]));
    save.mutate(body as unknown as Limits, { onSuccess: () => showToast(t("saved")) });
  };
  return (
    <div className="max-w-xl">
      <Section title={t("tabs.limits")}>
        <form onSubmit={submit} className="grid gap-4 sm:grid-cols-2">
          {FIELDS.map(({ key, ...range }) => (
            <TextField
              key={key}
              label={t(`limits.${key}`)}
              hint={t(`limits.${key}_hint`)}
              name={key}
              type="number"
              required
              {...range}
              defaultValue={limits.data[key]}
            />
          ))}
          <div className="sm:col-span-2">
            <ErrorNote error={save.error} />
          </div>
          <Button type="submit" look="primary" isBusy={save.isPending} className="justify-self-start">
            {t("save")}
          </Button>
        </form>
      </Section>
    </div>
  );
}
