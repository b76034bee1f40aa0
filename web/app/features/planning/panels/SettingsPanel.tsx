import { useLanguage } from "@app/i18n/useLanguage";
import { StateMark } from "@teleneedle/ui";
import { useTranslation } from "react-i18next";
import { settingKey } from "../desk/draft";
import { useDesk, useDeskState } from "../desk/useDesk";
import { Fact, Panel } from "./Panel";

/** Power and time from the device's published settings only, and how far the needle is drawn back for each. */
export function SettingsPanel({ mayEdit }: { mayEdit: boolean }) {
  const { t } = useTranslation("planning");
  const language = useLanguage();
  const desk = useDesk();
  const applications = useDeskState((state) => state.applications);
  const device = useDeskState((state) => state.device);
  if (applications.length === 0) return null;

  const change = (n: number, edit: Partial<(typeof applications)[number]>) =>
    desk.edits.editApplications(
      "setting",
      applications.map((application, m) => (m === n ? { ...application, ...edit } : application)),
    );
  const choose = (n: number, key: string) => {
    const at = device?.settings.findIndex(([power, time]) => settingKey(power, time) === key) ?? -1;
    const setting = device?.settings[at];
    const band = device?.bands?.[at];
    if (!setting) return;
    if (band) desk.edits.knowZone(key, band);
    change(n, { powerW: setting[0], timeS: setting[1] });
  };

  return (
    <Panel title={t("settings")}>
      {applications.map((application, n) => {
        const own = settingKey(application.powerW, application.timeS);
        const listed = device?.settings ?? [];
        const isListed = listed.some(([power, time]) => settingKey(power, time) === own);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: applications have no other name than their place
          <div key={n} className="flex items-center gap-1 py-0.5">
            <span className="w-7">{application.needle}</span>
            <select
              aria-label={t("setting")}
              disabled={!mayEdit}
              className="min-w-0 flex-1 rounded border border-edge bg-ground px-1 py-0.5"
              value={own}
              onChange={(event) => choose(n, event.currentTarget.value)}
            >
              {!isListed && (
                <option value={own}>
                  {application.powerW.toFixed(0)} W × {(application.timeS / 60).toFixed(1)} min
                </option>
              )}
              {listed.map(([power, time]) => (
                <option key={settingKey(power, time)} value={settingKey(power, time)}>
                  {power.toFixed(0)} W × {(time / 60).toFixed(1)} min
                </option>
              ))}
            </select>
            <input
              type="number"
              aria-label={t("pullBack")}
              title={t("pullBack")}
              disabled={!mayEdit}
              min={0}
              step={1}
              className="w-16 rounded border border-edge bg-ground px-1 py-0.5 text-right tabular-nums"
              value={Math.round(application.tipBackMm * 10) / 10}
              onChange={(event) => {
                const mm = event.currentTarget.valueAsNumber;
                if (mm >= 0) change(n, { tipBackMm: mm });
              }}
            />
          </div>
        );
      })}
      {device && (
        <Fact what={`${t("device")} · ${device.name[language]}`}>
          {device.is_verified ? (
            <StateMark mark="ok">{t("verified", { name: device.verified_by ?? "" })}</StateMark>
          ) : (
            <StateMark mark="warn">{t("unverified")}</StateMark>
          )}
        </Fact>
      )}
    </Panel>
  );
}
