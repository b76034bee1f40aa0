import { isoDate } from "@app/i18n/isoDate";
import type { Identity } from "@teleneedle/protocol";
import { StateMark } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { agrees } from "./arrivalFigures";

interface IdentityTableProps {
  images: Identity;
  /** Left out until a case was chosen. */
  inCase?: Identity | undefined;
}

/** Who is in the images and whose case it is, side by side, with a word on each line about whether they agree. */
export function IdentityTable({ images, inCase }: IdentityTableProps) {
  const { t } = useTranslation("arrivals");
  const dated = (one: Identity | undefined): Identity | undefined =>
    one && { ...one, birth_date: isoDate(one.birth_date) };
  const [left, right] = [dated(images), dated(inCase)];
  const lines = [
    ["name", "name"],
    ["birth_date", "birthDate"],
    ["id", "number"],
  ] as const;
  return (
    <table className="w-full table-fixed border-collapse text-left" data-testid="identities">
      <thead>
        <tr className="text-label text-quiet">
          <td className="w-28 py-1" />
          <th scope="col" className="py-1 pr-3 font-medium">
            {t("inImages")}
          </th>
          <th scope="col" className="py-1 pr-3 font-medium">
            {t("inCase")}
          </th>
          <td className="w-24 py-1" />
        </tr>
      </thead>
      <tbody>
        {lines.map(([field, word]) => (
          <tr key={field} className="border-t border-line align-baseline">
            <th scope="row" className="py-2 pr-3 text-label font-normal text-quiet">
              {t(word)}
            </th>
            <Value text={left?.[field]} />
            <Value text={right?.[field]} />
            <td className="py-2 text-label">
              {right && <Agreement a={left?.[field] ?? ""} b={right[field]} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Value({ text }: { text: string | undefined }) {
  const { t } = useTranslation("arrivals");
  return (
    <td className="py-2 pr-3 font-medium [overflow-wrap:anywhere]">
      {text === undefined ? (
        <span className="font-normal text-quiet">—</span>
      ) : (
        text || <span className="font-normal text-quiet">{t("absent")}</span>
      )}
    </td>
  );
}

function Agreement({ a, b }: { a: string; b: string }) {
  const { t } = useTranslation("arrivals");
  const same = agrees(a, b);
  if (same === null) return <StateMark mark="unknown">{t("absent")}</StateMark>;
  return <StateMark mark={same ? "ok" : "stop"}>{t(same ? "equal" : "differs")}</StateMark>;
}
