import type { ReactNode } from "react";

interface TicksProps {
  label: ReactNode;
  hint?: ReactNode;
  /** Name of the form's entry; each tick adds its key. */
  name: string;
  options: { key: string; label: ReactNode }[];
  ticked?: readonly string[];
}

/** Some of several, to be ticked. */
export function Ticks({ label, hint, name, options, ticked = [] }: TicksProps) {
  return (
    <fieldset>
      <legend className="mb-1 text-label text-quiet">{label}</legend>
      <div className="flex flex-col gap-1">
        {options.map((one) => (
          <label key={one.key} className="flex items-center gap-2">
            <input type="checkbox" name={name} value={one.key} defaultChecked={ticked.includes(one.key)} />
            {one.label}
          </label>
        ))}
      </div>
      {hint && <p className="mt-1 text-label text-quiet">{hint}</p>}
    </fieldset>
  );
}
