import { type ReactNode, useEffect, useId, useRef } from "react";
import { classNames } from "./classNames";

interface DialogProps {
  isOpen: boolean;
  /** Left out where the dialog must stay until what it asks for is done. */
  onClose?: (() => void) | undefined;
  title: ReactNode;
  description?: ReactNode;
  closeLabel?: string;
  isWide?: boolean;
  children: ReactNode;
}

const FIRST_FIELD = "input:not([readonly], [disabled], [type=radio]), select, textarea";

/** The browser's own modal dialog: focus stays inside, and the page behind keeps all that was typed. */
export function Dialog({ isOpen, onClose, title, description, closeLabel, isWide, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (!isOpen || !dialog || dialog.open) return;
    dialog.showModal();
    dialog.querySelector<HTMLElement>(FIRST_FIELD)?.focus();
  }, [isOpen]);
  if (!isOpen) return null;
  return (
    <dialog
      ref={ref}
      aria-labelledby={`${id}-title`}
      aria-describedby={description ? `${id}-description` : undefined}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onClose={() => (onClose ? onClose() : ref.current?.showModal())}
      className={classNames(
        "m-auto max-h-[86vh] w-[calc(100vw-32px)] overflow-auto rounded-md border border-line bg-panel p-5 text-ink",
        "backdrop:bg-black/70",
        isWide ? "max-w-3xl" : "max-w-md",
      )}
    >
      <div className="mb-4 flex items-start justify-between gap-4">
        <div>
          <h2 id={`${id}-title`} className="text-head font-semibold">
            {title}
          </h2>
          {description && (
            <p id={`${id}-description`} className="mt-1 text-quiet">
              {description}
            </p>
          )}
        </div>
        {onClose && (
          <button
            type="button"
            aria-label={closeLabel ?? "关闭 Close"}
            onClick={onClose}
            className="size-7 shrink-0 cursor-pointer rounded text-quiet hover:bg-raised hover:text-ink"
          >
            <span aria-hidden>✕</span>
          </button>
        )}
      </div>
      {children}
    </dialog>
  );
}
