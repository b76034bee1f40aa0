import type { ButtonHTMLAttributes } from "react";
import { classNames } from "./classNames";

const LOOKS = {
  primary: "bg-action border-accent/50 text-ink hover:bg-[#236fa1]",
  plain: "bg-raised border-line text-ink hover:border-edge",
  quiet: "border-transparent text-quiet hover:text-ink hover:bg-raised",
  danger: "bg-raised border-stop/60 text-stop hover:bg-stop/10",
};

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: keyof typeof LOOKS;
  isBusy?: boolean;
}

export function Button({
  look = "plain",
  isBusy,
  className,
  type,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type ?? "button"}
      disabled={disabled || isBusy}
      aria-busy={isBusy || undefined}
      className={classNames(
        "inline-flex min-h-8 items-center justify-center gap-1.5 rounded border px-3 text-body whitespace-nowrap",
        "cursor-pointer disabled:cursor-not-allowed disabled:opacity-50",
        LOOKS[look],
        className,
      )}
      {...rest}
    >
      {isBusy && (
        <span aria-hidden className="size-3 animate-spin rounded-full border-2 border-quiet border-t-ink" />
      )}
      {children}
    </button>
  );
}
