import { hub, sessions } from "@app/hub/hub";
import { useSessionState } from "@app/hub/useSession";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useSearchParams } from "react-router";
import { EntryCard } from "./EntryCard";
import { SignInForm } from "./SignInForm";

interface Provider {
  id: string;
  name: string;
}

/** Only a path of this origin, so that a link cannot lead a person elsewhere after signing in. */
export function safeNext(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) ? next : "/cases";
}

export function SignInPage() {
  const { t } = useTranslation("session");
  const [params] = useSearchParams();
  const state = useSessionState();
  const setup = useQuery({
    queryKey: ["setup"],
    queryFn: () => hub.get<{ needed: boolean }>("/api/setup"),
  });
  const providers = useQuery({
    queryKey: ["providers"],
    queryFn: async () => {
      const answer = await hub.get<Provider[] | { providers: Provider[] }>("/api/session/providers");
      return Array.isArray(answer) ? answer : answer.providers;
    },
    retry: false,
  });
  useEffect(() => {
    if (state.kind === "unknown") void sessions.renew().catch(() => undefined);
  }, [state.kind]);

  const next = safeNext(params.get("next"));
  if (state.kind === "in") return <Navigate to={next} replace />;
  if (setup.data?.needed) return <Navigate to="/setup" replace />;
  return (
    <EntryCard title={t("signIn")} text={t("slogan")}>
      <SignInForm onDone={() => undefined} />
      {providers.data && providers.data.length > 0 && (
        <div className="mt-4 flex flex-col gap-2 border-t border-line pt-4">
          {providers.data.map((provider) => (
            <a
              key={provider.id}
              href={`/api/session/oidc/${encodeURIComponent(provider.id)}?next=${encodeURIComponent(next)}`}
              className="rounded border border-line bg-raised px-3 py-1.5 text-center hover:border-edge"
            >
              {t("with", { provider: provider.name })}
            </a>
          ))}
        </div>
      )}
    </EntryCard>
  );
}
