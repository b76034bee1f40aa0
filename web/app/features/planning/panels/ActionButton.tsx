import type { Action } from "@app/shell/actions";
import { printedKey } from "@app/shell/KeySheet";
import { classNames } from "@teleneedle/ui";

/** The button of an action: its word, its key, and whether it is on. */
export function ActionButton({ action }: { action: Action | undefined }) {
  if (!action) return null;
  const key = action.keys?.[0];
  const isOff = action.isEnabled === false;
  return (
    <button
      type="button"
      title={action.short && action.label}
      aria-pressed={action.isOn}
      aria-keyshortcuts={key?.replace("Mod", "Control")}
      disabled={isOff}
      onClick={action.run}
      className={classNames(
        "flex min-h-[25px] w-full cursor-pointer items-center justify-between gap-1 rounded border px-1.5 text-left text-label",
        "disabled:cursor-not-allowed disabled:opacity-50",
        action.isOn ? "border-accent/50 bg-action text-ink" : "border-transparent text-ink hover:bg-raised",
      )}
    >
      <span className="leading-tight">{action.short ?? action.label}</span>
      {key && (
        <kbd className={`font-sans whitespace-nowrap ${action.isOn ? "" : "text-quiet"}`}>
          {printedKey(key)}
        </kbd>
      )}
    </button>
  );
}
