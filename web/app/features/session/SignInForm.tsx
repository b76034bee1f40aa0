import { hub, sessions } from "@app/hub/hub";
import { useMutation } from "@tanstack/react-query";
import { HubError, type Session } from "@teleneedle/protocol";
import { Button, ErrorNote, TextField } from "@teleneedle/ui";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

interface SignInFormProps {
  /** Given when the same person must come back: it cannot be changed then. */
  email?: string;
  onDone: (session: Session) => void;
}

/** E-mail and password; the one-time code is asked for when the hub wants it. */
export function SignInForm({ email: fixedEmail, onDone }: SignInFormProps) {
  const { t } = useTranslation("session");
  const [email, setEmail] = useState(fixedEmail ?? "");
  const [password, setPassword] = useState("");
  const [totp, setTotp] = useState("");
  const [needsCode, setNeedsCode] = useState(false);
  const signIn = useMutation({
    mutationFn: () =>
      hub.post<Session>("/api/session", {
        email,
        password,
        ...(totp ? { totp: totp.replaceAll(" ", "") } : {}),
      }),
    onSuccess: (session) => {
      sessions.enter(session);
      onDone(session);
    },
    onError: (error) => {
      if (error instanceof HubError && error.code === "totp-required") setNeedsCode(true);
    },
  });
  const isOnlyCodeMissing =
    signIn.error instanceof HubError && signIn.error.code === "totp-required" && totp === "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <TextField
        label={t("email")}
        type="email"
        autoComplete="username"
        required
        readOnly={fixedEmail !== undefined}
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        label={t("password")}
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {needsCode && (
        <TextField
          label={t("totp")}
          hint={t("totpHint")}
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          autoFocus
          value={totp}
          onChange={(event) => setTotp(event.target.value)}
        />
      )}
      {signIn.error && !isOnlyCodeMissing && <ErrorNote error={signIn.error} />}
      <Button type="submit" look="primary" isBusy={signIn.isPending} className="mt-1">
        {t("signIn")}
      </Button>
    </form>
  );
}
