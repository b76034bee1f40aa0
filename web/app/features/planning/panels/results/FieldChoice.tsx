import { useLanguage } from "@app/i18n/useLanguage";
import type { FieldResult } from "@teleneedle/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDesk, useDeskState, useViewerState } from "../../desk/useDesk";
import { fetchContainer } from "../../load/fetchBytes";
import { hideField, isolinesOf, showField } from "./fieldLook";
import { addressOf } from "./usePlanResults";

/** Which computed field lies over the pictures: one, or none. */
export function FieldChoice({ fields, name }: { fields: readonly FieldResult[]; name: string }) {
  const { t } = useTranslation("results");
  const language = useLanguage();
  const desk = useDesk();
  const isEdited = useDeskState((state) => state.isEdited);
  const shown = useViewerState((state) => state.isolines?.id ?? null);
  /** Asked for and on its way. */
  const [asked, setAsked] = useState<string | null>(null);
  const chosen = asked ?? shown;
  const show = async (field: FieldResult) => {
    setAsked(field.sha256);
    const container = await fetchContainer(addressOf(field));
    const { planSha, isEdited: hasMoved } = desk.store.getState();
    if (planSha === field.plan_sha256 && !hasMoved)
      showField(desk, isolinesOf(field, container, language), field.quantity);
    setAsked(null);
  };
  const isOne = fields.some(({ sha256 }) => sha256 === chosen);
  return (
    <fieldset disabled={isEdited}>
      <legend className="text-label text-quiet">{t("overlay")}</legend>
      <label className="flex items-center gap-2">
        <input type="radio" name={name} checked={!isOne} onChange={() => hideField(desk)} />
        {t("none")}
      </label>
      {fields.map((field) => (
        <label key={field.sha256} className="flex items-center gap-2">
          <input
            type="radio"
            name={name}
            checked={field.sha256 === chosen}
            onChange={() => void show(field)}
          />
          {field.title[language]}{" "}
          {field.at_s !== null && t("at", { minutes: Math.round(field.at_s / 6) / 10 })}
        </label>
      ))}
    </fieldset>
  );
}
