import { useLanguage } from "@app/i18n/useLanguage";
import type { Device, Job } from "@teleneedle/protocol";
import { Button, Progress } from "@teleneedle/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";

export interface ProposalChoice {
  device_id: string;
  margin_mm: number;
  needles: number | null;
  accept_unreviewed: boolean;
  accept_unverified_device: boolean;
}

interface Props {
  devices: readonly Device[];
  onPropose: (choice: ProposalChoice) => void;
}

/** What a plan is asked for: device, margin, needles, and what is accepted knowingly. */
export function ProposeBar({ devices, onPropose }: Props) {
  const { t } = useTranslation("planning");
  const language = useLanguage();
  const [choice, setChoice] = useState<ProposalChoice>({
    device_id: devices[0]?.id ?? "",
    margin_mm: 5,
    needles: null,
    accept_unreviewed: false,
    accept_unverified_device: false,
  });
  const field = "rounded border border-edge bg-ground px-1 py-0.5";
  const box = (key: "accept_unreviewed" | "accept_unverified_device", label: string) => (
    <label className="flex items-center gap-1 text-label">
      <input
        type="checkbox"
        checked={choice[key]}
        onChange={(event) => setChoice({ ...choice, [key]: event.currentTarget.checked })}
      />
      {label}
    </label>
  );
  return (
    <form
      className="flex flex-col gap-1 border-b border-line px-3 py-2"
      onSubmit={(event) => {
        event.preventDefault();
        onPropose(choice);
      }}
    >
      <select
        aria-label={t("deviceChoice")}
        className={field}
        value={choice.device_id}
        onChange={(event) => setChoice({ ...choice, device_id: event.currentTarget.value })}
      >
        {devices.map((device) => (
          <option key={device.id} value={device.id}>
            {device.name[language]}
          </option>
        ))}
      </select>
      <div className="flex gap-2">
        <label className="flex flex-1 items-center gap-1">
          {t("marginChoice")}
          <input
            type="number"
            min={0}
            max={20}
            className={`${field} w-14`}
            value={choice.margin_mm}
            onChange={(event) => setChoice({ ...choice, margin_mm: event.currentTarget.valueAsNumber || 0 })}
          />
        </label>
        <label className="flex flex-1 items-center gap-1">
          {t("needlesChoice")}
          <select
            className={field}
            value={choice.needles ?? ""}
            onChange={(event) => setChoice({ ...choice, needles: Number(event.currentTarget.value) || null })}
          >
            <option value="">{t("auto")}</option>
            {[1, 2, 3, 4, 5, 6].map((n) => (
              <option key={n}>{n}</option>
            ))}
          </select>
        </label>
      </div>
      {box("accept_unreviewed", t("acceptUnreviewed"))}
      {box("accept_unverified_device", t("acceptUnverified"))}
      <Button type="submit" look="primary" disabled={!choice.device_id}>
        {t("plan")}
      </Button>
    </form>
  );
}

type JobKind =
  | "import"
  | "segmentation"
  | "early-structures"
  | "proposal"
  | "evaluation"
  | "access-map"
  | "forward";

/** Work that the hub is doing for this case, with the button that stops it. */
export function RunningJob({ job, onCancel }: { job: Job; onCancel: () => void }) {
  const { t } = useTranslation("planning");
  const kind = job.kind as JobKind;
  return (
    <div
      className="flex items-center gap-3 border-b border-line bg-panel px-3 py-1"
      data-testid="running-job"
    >
      <span>{t(`jobs.${kind}`)}</span>
      <div className="flex-1">
        <Progress label={t(`jobs.${kind}`)} fraction={job.fraction} />
      </div>
      <Button onClick={onCancel}>{t("cancel")}</Button>
    </div>
  );
}
