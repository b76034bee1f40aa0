interface ProgressProps {
  label: string;
  /** 0 to 1; null while the length is not known. */
  fraction: number | null;
}

export function Progress({ label, fraction }: ProgressProps) {
  const percent = fraction === null ? undefined : Math.round(Math.min(1, Math.max(0, fraction)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className="h-1.5 w-full overflow-hidden rounded bg-line"
    >
      <svg aria-hidden="true" className="block size-full" preserveAspectRatio="none" viewBox="0 0 100 1">
        <rect
          className={percent === undefined ? "animate-pulse fill-accent" : "fill-accent"}
          width={percent ?? 100}
          height="1"
        />
      </svg>
    </div>
  );
}
