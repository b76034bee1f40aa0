import { useFormat } from "@app/i18n/useFormat";
import type { Job } from "@teleneedle/protocol";
import { Button, ErrorNote, Progress, StateMark, useText } from "@teleneedle/ui";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { ImportProblem } from "./ImportProblem";
import type { Completion, TransferState } from "./transfer";

interface TransferViewProps {
  state: TransferState;
  job: Job | undefined;
  onCancel: () => void;
  onResume: () => void;
  onAgain: () => void;
  onReadAgain: (completion: Completion) => void;
}

/** How far an upload is, in one bar from the first byte to images that can be planned on. */
export function TransferView({ state, job, onCancel, onResume, onAgain, onReadAgain }: TransferViewProps) {
  const { t } = useTranslation("upload");
  const navigate = useNavigate();
  const text = useText();
  if (state.phase === "failed")
    return (
      <div className="flex flex-col gap-3">
        <ErrorNote
          error={state.error}
          actions={
            <>
              <Button look="primary" onClick={onResume}>
                {t("resume")}
              </Button>
              <Button onClick={onAgain}>{t("clear")}</Button>
            </>
          }
        />
      </div>
    );
  if (state.phase === "cancelled" || job?.state === "cancelled")
    return (
      <div className="flex items-center justify-between">
        <StateMark mark="unknown">{t("phase.cancelled")}</StateMark>
        <Button onClick={onAgain}>{t("clear")}</Button>
      </div>
    );
  if (state.phase === "importing" && job?.state === "failed")
    return <ImportProblem problem={job.error} onAgain={onAgain} onReadAgain={onReadAgain} />;
  if (state.phase === "importing" && job?.state === "done")
    return (
      <div className="flex flex-wrap items-center justify-between gap-3">
        <StateMark mark="ok">{t("phase.done")}</StateMark>
        <span className="flex gap-2">
          <Button onClick={onAgain}>{t("another")}</Button>
          <Button look="primary" onClick={() => navigate("../planning", { relative: "path" })}>
            {t("plan")}
          </Button>
        </span>
      </div>
    );
  const isSending = state.phase === "sending" || state.phase === "waiting";
  const fraction = isSending && state.total > 0 ? state.sent / state.total : null;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-baseline justify-between gap-4" role="status">
        {state.phase === "waiting" ? (
          <StateMark mark="warn">{t("phase.waiting", { seconds: state.seconds })}</StateMark>
        ) : (
          <span>
            {t(`phase.${state.phase}`)}
            {state.phase === "importing" && job?.stage ? ` · ${text(job.stage)}` : ""}
            {state.phase === "sending" && state.isResumed ? ` · ${t("resumed")}` : ""}
          </span>
        )}
        {isSending && <Amount sent={state.sent} total={state.total} />}
      </div>
      <Progress
        label={t("title")}
        fraction={state.phase === "importing" ? (job?.fraction ?? null) : fraction}
      />
      {state.phase !== "importing" && (
        <div className="flex items-center justify-between gap-4">
          <p className="text-label text-quiet">{t("keepOpen")}</p>
          <Button look="danger" onClick={onCancel}>
            {t("cancel")}
          </Button>
        </div>
      )}
    </div>
  );
}

function Amount({ sent, total }: { sent: number; total: number }) {
  const { t } = useTranslation("upload");
  const format = useFormat();
  const rate = useRate(sent);
  return (
    <span className="text-quiet">
      {t("progress", { sent: format.bytes(sent), total: format.bytes(total) })}
      {rate > 0 && ` · ${t("rate", { rate: format.bytes(rate) })}`}
    </span>
  );
}

/** Bytes per second over the last seconds. */
function useRate(sent: number): number {
  const latest = useRef(sent);
  latest.current = sent;
  const [rate, setRate] = useState(0);
  useEffect(() => {
    const samples: [number, number][] = [[performance.now(), latest.current]];
    const timer = setInterval(() => {
      samples.push([performance.now(), latest.current]);
      if (samples.length > 5) samples.shift();
      const [first, last] = [samples[0], samples.at(-1)];
      if (first && last && last[0] > first[0]) setRate((1000 * (last[1] - first[1])) / (last[0] - first[0]));
    }, 1000);
    return () => clearInterval(timer);
  }, []);
  return rate;
}
