import { hub } from "@app/hub/hub";
import { useSession } from "@app/hub/useSession";
import { Page } from "@app/shell/Page";
import { useMutation } from "@tanstack/react-query";
import { Button, ErrorNote, Fact, Section, StateMark, TextField } from "@teleneedle/ui";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

/** The person's own account: the second step of signing in. */
export function AccountPage() {
  const { t } = useTranslation("session");
  const { person } = useSession();
  const [code, setCode] = useState("");
  const start = useMutation({
    mutationFn: () => hub.post<{ secret: string; uri: string }>("/api/session/totp"),
  });
  const confirm = useMutation({
    mutationFn: () => hub.post<void>("/api/session/totp/confirmation", { code: code.replaceAll(" ", "") }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate();
  };
  return (
    <Page title={person.name}>
      <div className="max-w-xl">
        <Section title={t("twoFactorTitle")}>
          <p className="mb-3 text-quiet">{start.data ? t("twoFactorScan") : t("twoFactorText")}</p>
          {!start.data && (
            <Button look="primary" isBusy={start.isPending} onClick={() => start.mutate()}>
              {t("twoFactorStart")}
            </Button>
          )}
          {start.data && !confirm.isSuccess && (
            <form onSubmit={submit} className="flex flex-col gap-3">
              <dl>
                <Fact name={t("secret")}>
                  <code className="font-mono break-all">{start.data.secret.match(/.{1,4}/g)?.join(" ")}</code>
                </Fact>
              </dl>
              <a href={start.data.uri} className="text-accent underline">
                {t("openApp")}
              </a>
              <TextField
                label={t("totp")}
                hint={t("totpHint")}
                inputMode="numeric"
                autoComplete="one-time-code"
                required
                value={code}
                onChange={(event) => setCode(event.target.value)}
              />
              <Button type="submit" look="primary" isBusy={confirm.isPending} className="self-start">
                {t("confirm")}
              </Button>
            </form>
          )}
          {confirm.isSuccess && <StateMark mark="ok">{t("confirmed")}</StateMark>}
          <ErrorNote error={start.error ?? confirm.error} />
        </Section>
      </div>
    </Page>
  );
}
