import { sessions } from "@app/hub/hub";
import { useSessionState } from "@app/hub/useSession";
import { adoptLocale } from "@app/i18n/i18n";
import { ErrorNote } from "@teleneedle/ui";
import { useCallback, useEffect, useState } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { Loading } from "./Fallbacks";

/** Lets signed-in people through; everyone else goes to the sign-in page and comes back afterwards. */
export function RequireSession() {
  const state = useSessionState();
  const { pathname, search } = useLocation();
  const [error, setError] = useState<unknown>(null);
  const read = useCallback(() => {
    setError(null);
    sessions.renew().catch(setError);
  }, []);
  useEffect(() => {
    if (state.kind === "unknown") read();
  }, [state.kind, read]);
  const locale = "session" in state ? state.session.person.locale : null;
  useEffect(() => {
    if (locale) adoptLocale(locale);
  }, [locale]);

  if (error)
    return (
      <div className="p-6">
        <ErrorNote error={error} onRetry={read} />
      </div>
    );
  if (state.kind === "unknown") return <Loading />;
  if (state.kind === "out")
    return <Navigate to={`/sign-in?next=${encodeURIComponent(pathname + search)}`} replace />;
  return <Outlet />;
}
