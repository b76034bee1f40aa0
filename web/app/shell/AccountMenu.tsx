import { hub, sessions } from "@app/hub/hub";
import { queryClient } from "@app/hub/queries";
import type { Session } from "@teleneedle/protocol";
import { showToast } from "@teleneedle/ui";
import { DropdownMenu } from "radix-ui";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

const itemLook = "cursor-pointer rounded px-2 py-1.5 outline-none data-[highlighted]:bg-line";

/** The person who works here, with their roles, and the way out. */
export function AccountMenu({ session }: { session: Session }) {
  const { t } = useTranslation(["shell", "session"]);
  const navigate = useNavigate();
  const signOut = async () => {
    try {
      await hub.call("DELETE", "/api/session");
    } catch {
      showToast(t("session:signOutFailed"), "stop");
      return;
    }
    sessions.leave();
    queryClient.clear();
    navigate("/sign-in", { replace: true });
  };
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="flex min-h-8 cursor-pointer items-center gap-2 rounded px-2 hover:bg-raised">
        <span className="sr-only">{t("menu")}: </span>
        {session.person.name}
        <span aria-hidden className="text-label text-quiet">
          ▾
        </span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          className="z-30 min-w-56 rounded-md border border-edge bg-raised p-1"
        >
          <div className="px-2 py-1.5 text-label text-quiet">
            <p>{session.person.email}</p>
            {session.memberships.map((membership) => (
              <p key={`${membership.site_id}-${membership.role}`}>
                {t(`session:roles.${membership.role}`)} · {membership.site_name}
              </p>
            ))}
          </div>
          <DropdownMenu.Item className={itemLook} onSelect={() => navigate("/account")}>
            {t("twoFactor")}
          </DropdownMenu.Item>
          <DropdownMenu.Item className={itemLook} onSelect={() => void signOut()}>
            {t("signOut")}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
