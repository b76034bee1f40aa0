import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from "react";
import { classNames } from "./classNames";

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  className?: string | undefined;
}

interface Described {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

/** A label, its control, and below it the hint or what is wrong. */
export function Field({
  label,
  hint,
  error,
  className,
  children,
}: FieldProps & { children: (described: Described) => ReactNode }) {
  const id = useId();
  const note = error || hint;
  return (
    <div className={classNames("flex min-w-0 flex-col gap-1", className)}>
      <label htmlFor={id} className="text-label text-quiet">
        {label}
      </label>
      {children({
        id,
        "aria-describedby": note ? `${id}-note` : undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {note && (
        <p id={`${id}-note`} className={classNames("text-label", error ? "text-stop" : "text-quiet")}>
          {error && <span aria-hidden>✖ </span>}
          {note}
        </p>
      )}
    </div>
  );
}

export const controlLook =
  "min-h-8 w-full min-w-0 rounded border border-edge bg-ground px-2 py-1 text-body text-ink placeholder:text-quiet/70 " +
  "disabled:opacity-60 aria-invalid:border-stop";

export function TextField({
  label,
  hint,
  error,
  className,
  ...input
}: FieldProps & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <Field label={label} hint={hint} error={error} className={className}>
      {(described) => <input className={controlLook} {...described} {...input} />}
    </Field>
  );
}

export function TextArea({
  label,
  hint,
  error,
  className,
  ...area
}: FieldProps & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <Field label={label} hint={hint} error={error} className={className}>
      {(described) => <textarea rows={3} className={controlLook} {...described} {...area} />}
    </Field>
  );
}

export function SelectField({
  label,
  hint,
  error,
  className,
  children,
  ...select
}: FieldProps & SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <Field label={label} hint={hint} error={error} className={className}>
      {(described) => (
        <select className={controlLook} {...described} {...select}>
          {children}
        </select>
      )}
    </Field>
  );
}
