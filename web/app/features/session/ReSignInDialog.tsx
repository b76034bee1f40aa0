import { sessions } from "@app/hub/hub";
import { useSessionState } from "@app/hub/useSession";
import { Button, Dialog } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { SignInForm } from "./SignInForm";

/** Over whatever page is open when the session ends; what was typed stays, and what was sent goes on. */
export function ReSignInDialog() {
  const { t } = useTranslation("session");
  const state = useSessionState();
  if (state.kind !== "expired") return null;
  return (
    <Dialog isOpen title={t("expiredTitle")} description={t("expiredText")}>
      <SignInForm email={state.session.person.email} onDone={() => undefined} />
      <Button look="quiet" className="mt-2 w-full" onClick={() => sessions.leave()}>
        {t("leave")}
      </Button>
    </Dialog>
  );
}
