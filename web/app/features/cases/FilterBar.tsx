import { CASE_STATES } from "@teleneedle/protocol";
import { controlLook, SelectField } from "@teleneedle/ui";
import { type RefObject, useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SiteName } from "./useHospitals";

interface Filter {
  state: string;
  site_id: string;
  q: string;
}

interface FilterBarProps {
  filter: Filter;
  count: number;
  sites: SiteName[];
  searchRef: RefObject<HTMLInputElement | null>;
  onChange: (params: Record<string, string>) => void;
}

const given = (filter: Filter) =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value)) as Record<string, string>;

export function FilterBar({ filter, count, sites, searchRef, onChange }: FilterBarProps) {
  const { t } = useTranslation("cases");
  const id = useId();
  const [typed, setTyped] = useState(filter.q);
  useEffect(() => setTyped(filter.q), [filter.q]);
  useEffect(() => {
    if (typed === filter.q) return;
    const timer = setTimeout(() => onChange(given({ ...filter, q: typed })), 250);
    return () => clearTimeout(timer);
  }, [typed, filter, onChange]);

  return (
    <search aria-label={t("filter.label")} className="flex flex-wrap items-end gap-3">
      <div className="flex min-w-56 flex-1 flex-col gap-1 sm:max-w-80">
        <label htmlFor={id} className="text-label text-quiet">
          {t("filter.text")}
        </label>
        <input
          id={id}
          ref={searchRef}
          type="search"
          className={controlLook}
          placeholder={t("filter.textHint")}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <SelectField
        label={t("filter.state")}
        className="w-36"
        value={filter.state}
        onChange={(event) => onChange(given({ ...filter, state: event.target.value }))}
      >
        <option value="">{t("filter.all")}</option>
        {CASE_STATES.map((state) => (
          <option key={state} value={state}>
            {t(`state.${state}`)}
          </option>
        ))}
      </SelectField>
      {(sites.length > 1 || filter.site_id) && (
        <SelectField
          label={t("filter.hospital")}
          className="w-48"
          value={filter.site_id}
          onChange={(event) => onChange(given({ ...filter, site_id: event.target.value }))}
        >
          <option value="">{t("filter.all")}</option>
          {sites.map((site) => (
            <option key={site.id} value={site.id}>
              {site.name}
            </option>
          ))}
        </SelectField>
      )}
      <p className="pb-1.5 text-quiet" role="status">
        {t("count", { count })}
      </p>
    </search>
  );
}
