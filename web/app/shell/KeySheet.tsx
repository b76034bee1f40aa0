import { Dialog } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { type ActionGroup, listActions, useRegistry } from "./actions";

const GROUPS: ActionGroup[] = ["planning", "view", "case", "general"];
const SIGNS: Record<string, string> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Space: "␣",
  PageUp: "PgUp",
  PageDown: "PgDn",
  Delete: "Del",
  Mod: navigator.platform.startsWith("Mac") ? "⌘" : "Ctrl",
};

/** A written key such as `Mod+z` as it is printed on keyboards. */
export const printedKey = (written: string) =>
  written
    .split("+")
    .map((part) => SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(" ");

/** Every action of the page that has a key, from the same list that the keys themselves obey. */
export function KeySheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation("shell");
  const actions = listActions(useRegistry((registry) => registry.byOwner)).filter(
    (action) => action.keys?.length,
  );
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t("keysTitle")} isWide>
      <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
        {GROUPS.map((group) => {
          const here = actions.filter((action) => action.group === group);
          return here.length === 0 ? null : (
            <section key={group}>
              <h3 className="mb-1 text-label font-semibold text-quiet">{t(`groups.${group}`)}</h3>
              <dl>
                {here.map((action) => (
                  <div key={action.id} className="flex justify-between gap-4 border-b border-line/70 py-1">
                    <dt className={action.isEnabled === false ? "text-quiet" : ""}>{action.label}</dt>
                    <dd className="flex gap-1">
                      {action.keys?.map((key) => (
                        <kbd
                          key={key}
                          className="rounded border border-edge px-1.5 font-sans text-label leading-5"
                        >
                          {printedKey(key)}
                        </kbd>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}
