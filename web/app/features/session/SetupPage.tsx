import { hub, sessions } from "@app/hub/hub";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { Session } from "@teleneedle/protocol";
import { Button, ErrorNote, TextField } from "@teleneedle/ui";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useNavigate } from "react-router";
import { EntryCard } from "./EntryCard";

/** The first visit to a new hub: the centre and its administrator. */
export function SetupPage() {
  const { t } = useTranslation("session");
  const navigate = useNavigate();
  const setup = useQuery({ queryKey: ["setup"], queryFn: () => hub.get<{ needed: boolean }>("/api/setup") });
  const create = useMutation({
    mutationFn: (body: Record<string, string>) => hub.post<Session>("/api/setup", body),
    onSuccess: (session) => {
      sessions.enter(session);
      navigate("/admin", { replace: true });
    },
  });
  if (setup.data?.needed === false && !create.isSuccess) return <Navigate to="/sign-in" replace />;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate(Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>);
  };
  return (
    <EntryCard title={t("setupTitle")} text={t("setupText")}>
      <form onSubmit={submit} className="flex flex-col gap-3">
        <TextField label={t("setupToken")} name="setup_token" autoComplete="off" required />
        <TextField label={t("centreName")} name="centre_name" autoComplete="organization" required />
        <TextField label={t("name")} name="name" autoComplete="name" required />
        <TextField label={t("email")} name="email" type="email" autoComplete="username" required />
        <TextField
          label={t("password")}
          hint={t("passwordHint")}
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={10}
          required
        />
        <ErrorNote error={create.error} />
        <Button type="submit" look="primary" isBusy={create.isPending}>
          {t("create")}
        </Button>
      </form>
    </EntryCard>
  );
}
